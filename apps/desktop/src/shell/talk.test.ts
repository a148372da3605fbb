import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { createTalk } from "./talk.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open() {
  const ran: string[] = []
  const told: string[] = []
  const talk = createTalk({
    run: (script) => ran.push(/"aura:(\w+)"/.exec(script)?.[1] ?? ""),
    answered: (answer) => told.push(answer),
    signIn: (path) => told.push(path),
    closed: () => told.push("closed"),
    chose: (entry) => told.push(entry),
  })
  const say = (message: object) => talk.hear(JSON.stringify(message))
  return { talk, say, ran, told }
}

describe("a window and its page", () => {
  it("news waits until the page listens, and again when it was loaded anew", () => {
    const { talk, say, ran } = open()
    talk.tell("document", {})
    talk.tell("go", "/a")
    expect(ran).toEqual([])
    say({ type: "ready" })
    talk.tell("go", "/b")
    expect(ran).toEqual(["document", "go", "go"])
    talk.reset()
    talk.tell("go", "/c")
    expect(ran).toHaveLength(3)
    say({ type: "ready" })
    expect(ran).toHaveLength(4)
  })

  it("a page that does not answer keeps nothing open; one that asks a person is waited for", () => {
    const { talk, say, told } = open()
    talk.ask()
    vi.advanceTimersByTime(4000)
    expect(told).toEqual(["keep"])
    talk.askToLeave(() => told.push("left"))
    vi.advanceTimersByTime(10_000)
    expect(told).toEqual(["keep", "left"])
    talk.askToLeave(() => told.push("left later"))
    say({ type: "asked" })
    vi.advanceTimersByTime(100_000)
    expect(told).toHaveLength(2)
    say({ type: "close" })
    expect(told[2]).toBe("left later")
  })

  it("closes by itself, also after it said that it stays", () => {
    const { talk, say, told } = open()
    talk.askToLeave(() => told.push("quit"))
    say({ type: "asked" })
    say({ type: "stay" })
    say({ type: "close" })
    expect(told).toEqual(["closed"])
  })

  it("holds what the page says, until it is gone; nonsense is not heard", () => {
    const { talk, say } = open()
    say({ type: "unsaved", count: 3 })
    for (const text of ["", "{", '{"type":"unsaved","count":-1}', '{"type":"quit"}']) talk.hear(text)
    expect(talk.unsaved()).toBe(3)
    talk.reset()
    expect(talk.unsaved()).toBe(0)
  })
})
