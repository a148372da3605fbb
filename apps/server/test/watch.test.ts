/** The agent's commands and the checks, watched while they run: by many, late, read-only, without secrets. */

import { Socket } from "node:net"
import { type LiveEvent, removed } from "@aura/core"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { buildApp } from "../src/app.ts"
import {
  call,
  done,
  screenplayOf,
  specsScene,
  type TestApp,
  tasksScene,
  testApp,
  work,
  write,
} from "./_app.ts"

const wait = { timeout: 15_000, interval: 20 }
const secret = "marker+value/that=is.secret"
const until = (name: string) => `while [ ! -e ${name} ]; do sleep 0.05; done`

const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: [`echo checking; sleep 3; test -s a.txt`] }),
  work("Make a", [
    {
      calls: [
        call("run_command", {
          command: `printf '\\033[32mgreen\\033[0m\\n'; printf 'key=${secret.slice(0, 9)}'; ${until("on")}; printf '${secret.slice(9)} '; ${until("further")}; echo; cat; exit 3`,
        }),
      ],
    },
    { calls: [write("a.txt", "a")] },
    done(),
  ]),
)

/** Somebody who looks on. */
async function watch(app: TestApp, id: string) {
  const { ticket } = await app.client.call("createTicket", {})
  const socket = new WebSocket(`${app.running.url.replace("http", "ws")}/ws/commands/${id}?token=${ticket}`)
  const seen: { text: string; exit?: unknown; closed?: number } = { text: "" }
  let received = 0
  socket.addEventListener("message", ({ data }) => {
    received += String(data).length
    const frame = JSON.parse(String(data))
    if (frame.type === "screen") seen.text = frame.text
    if (frame.type === "output") seen.text += frame.text
    if (frame.type === "exit") seen.exit = frame
  })
  socket.addEventListener("close", ({ code }) => {
    seen.closed = code
  })
  return {
    socket,
    seen,
    received: () => received,
    sees: (text: string) => vi.waitFor(() => expect(seen.text).toContain(text), wait),
  }
}

const begun = async () => await begin(await testApp(play, { env: { ANTHROPIC_API_KEY: secret } }))

async function begin(app: TestApp) {
  const project = await app.createProject()
  const params = { p: project.id }
  await app.plan(project)
  await app.client.call("startLoop", { params, body: {} })
  const list = async () => (await app.client.call("listCommands", { params })).items
  const running = (by: "agent" | "check") =>
    vi.waitFor(async () => {
      const found = (await list()).find((one) => one.by === by)
      if (!found) throw new Error("not yet")
      return found
    }, wait)
  return {
    app,
    list,
    running,
    finish: async () => {
      for (const name of ["on", "further"]) app.write(name, "")
      await app.idle()
    },
  }
}

describe("a command that is watched", () => {
  it("shows the same to two viewers, one of them late, takes no input, and says how it ended", async () => {
    const { app, list, running, finish } = await begun()
    const changed: LiveEvent[] = []
    onTestFinished(app.running.host.feed.listen((event) => changed.push(event)))
    const { id, command } = await running("agent")
    expect(command).toContain("printf")
    const early = await watch(app, id)
    await early.sees("\x1b[32mgreen\x1b[0m\nkey=")
    for (const frame of [
      '{"type":"input","text":"typed\\n"}',
      '{"type":"resize","cols":9,"rows":9}',
      "{",
      "[]",
    ])
      early.socket.send(frame)
    app.write("on", "")
    await early.sees(`key=${removed} `)
    const late = await watch(app, id)
    await late.sees(`key=${removed} `)
    app.write("further", "")
    const exit = {
      type: "exit",
      exitCode: 3,
      reason: expect.stringMatching(/^Ended with exit code 3 after .+ s\.$/),
    }
    for (const { seen } of [early, late]) {
      await vi.waitFor(() => expect(seen.closed).toBe(1000), wait)
      expect(seen).toEqual({ text: `\x1b[32mgreen\x1b[0m\nkey=${removed} \n`, exit, closed: 1000 })
    }
    const check = await running("check")
    const third = await watch(app, check.id)
    await third.sees("checking")
    const after = await watch(app, id)
    await vi.waitFor(() => expect(after.seen).toEqual(early.seen), wait)
    await finish()
    await vi.waitFor(() => expect(third.seen.exit).toMatchObject({ exitCode: 0 }), wait)
    expect(await list()).toEqual([])
    expect(changed.filter((event) => event.type === "commands.changed").length).toBeGreaterThanOrEqual(3)
  })

  it("floods 100 MB past a viewer that never draws, without waiting for it or holding up the server", async () => {
    const flood = `echo begun; ${until("on")}; yes 'a line of a flood, as long as they are' | head -c 100000000; echo; echo over`
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
        work("Make a", [
          { calls: [call("run_command", { command: flood })] },
          { calls: [write("a.txt", "a")] },
          done(),
        ]),
      ),
    )
    const { running, finish } = await begin(app)
    const { id } = await running("agent")
    const lazy = await watch(app, id)
    await lazy.sees("begun")
    app.write("on", "")
    let answered = 0
    while (lazy.seen.closed === undefined) {
      expect((await fetch(`${app.running.url}/api/health`)).status).toBe(200)
      answered += 1
    }
    expect(answered).toBeGreaterThan(5)
    expect(lazy.seen).toMatchObject({ closed: 1000, exit: { exitCode: 0 } })
    expect(lazy.received()).toBeLessThan(3_000_000)
    expect(lazy.seen.text).toContain("characters left out")
    expect(lazy.seen.text.endsWith("\nover\n")).toBe(true)
    await finish()
  }, 120_000)

  it("is shown for a one-use ticket only, also to another machine, and not when there is none", async () => {
    const { app, running, finish } = await begun()
    const { id } = await running("agent")
    const inner = await buildApp(app.running.host, () => undefined)
    onTestFinished(() => inner.close())
    const { host } = new URL(app.running.url)
    const fromElsewhere = async (token: string) => {
      const socket = await inner.injectWS(`/ws/commands/${id}?token=${token}`, {
        headers: { host },
        rawHeaders: ["Host", host],
        socket: Object.create(Socket.prototype, { remoteAddress: { value: "192.168.1.7" } }),
      })
      socket.terminate()
    }
    const { ticket } = await app.client.call("createTicket", {})
    await expect(fromElsewhere(app.token)).rejects.toThrow("401")
    await fromElsewhere(ticket)
    await expect(fromElsewhere(ticket)).rejects.toThrow("401")
    const none = await watch(app, "none")
    await vi.waitFor(() => expect(none.seen.closed).toBe(4404), wait)
    await finish()
  })
})
