import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { closeNow, holdOpen, onCloseAsked, stayOpen } from "./window.ts"

let page: EventTarget & { auraWindow?: true; ipc: { postMessage(text: string): void }; close(): void }
let said: unknown[]

beforeEach(() => {
  said = []
  page = Object.assign(new EventTarget(), {
    ipc: { postMessage: (text: string) => said.push(JSON.parse(text)) },
    close: () => said.push("closed"),
  })
  vi.stubGlobal("window", page)
})
afterEach(() => vi.unstubAllGlobals())

/** True when the browser would ask. */
const leaving = () => !page.dispatchEvent(new Event("beforeunload", { cancelable: true }))

it("unsaved work keeps Aura's own window open until the page answers", () => {
  page.auraWindow = true
  holdOpen(2)
  let asked = 0
  const stop = onCloseAsked(() => asked++)
  page.dispatchEvent(new CustomEvent("aura:leaving", { detail: null }))
  stayOpen()
  closeNow()
  stop()
  page.dispatchEvent(new CustomEvent("aura:leaving", { detail: null }))
  expect(asked).toBe(1)
  expect(said).toEqual([
    { type: "unsaved", count: 2 },
    { type: "asked" },
    { type: "stay" },
    { type: "close" },
  ])
  expect(leaving()).toBe(true)
})

it("a browser asks by itself, for as long as there is unsaved work", () => {
  expect(leaving()).toBe(false)
  holdOpen(1)
  holdOpen(3)
  expect(leaving()).toBe(true)
  holdOpen(0)
  expect(leaving()).toBe(false)
  holdOpen(1)
  closeNow()
  expect(leaving()).toBe(false)
  expect(said).toEqual(["closed"])
})
