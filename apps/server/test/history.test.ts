/** What clients get of the stored events: also of a newer Aura's, of the whole install, and after compaction. */
import { describe, expect, it } from "vitest"
import { screenplayOf, specsScene, type TestApp, testApp } from "./_app.ts"

type Told = { seq?: number; type: string; upTo?: number; rows?: Record<string, unknown[]> }

/** Reads the socket until something comes that ends it; that is given too. */
async function readSocket(app: TestApp, query: string, isLast: (event: Told) => boolean): Promise<Told[]> {
  const { ticket } = await app.client.call("createTicket", {})
  const socket = new WebSocket(`${app.running.url.replace("http", "ws")}/ws/events?token=${ticket}&${query}`)
  const events: Told[] = []
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("error", () => reject(new Error("the socket failed")))
    socket.addEventListener("message", (message) => {
      events.push(JSON.parse(String(message.data)))
      if (isLast(events.at(-1) ?? { type: "" })) resolve()
    })
  })
  socket.close()
  return events
}

async function readStream(app: TestApp, after: number, isLast: (text: string) => boolean): Promise<string> {
  const abort = new AbortController()
  const stream = await app.client.open("streamEvents", { query: { after } }, { signal: abort.signal })
  let text = ""
  for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    if (isLast(text)) break
  }
  abort.abort()
  return text
}

describe("stored events", () => {
  it("are replayed to a client of one project with those of the whole install, as they come live", async () => {
    const app = await testApp(screenplayOf(specsScene("Core")))
    const project = await app.createProject()
    const other = await app.client.call("createProject", { body: { name: "Other", requirements: "- It is" } })
    await app.client.call("createAgent", { body: { name: "for all projects" } })
    const head = app.running.aura.store.head
    const events = await readSocket(app, `after=0&project=${project.id}`, ({ seq }) => seq === head)
    const told = JSON.stringify(events)
    expect(told).toContain("for all projects")
    expect(told).toContain(project.id)
    expect(told).not.toContain(other.id)
  })

  it("that are compacted are named, and the client goes on behind them", async () => {
    const app = await testApp(screenplayOf(specsScene("Core")))
    await app.createProject()
    const { store } = app.running.aura
    await app.client.call("createAgent", { body: { name: "kept" } })
    await store.compact(store.head - 1)
    const { head } = store
    const events = await readSocket(app, "after=0", ({ seq }) => seq === head)
    expect(events.map(({ type, seq, upTo }) => [type, seq ?? upTo])).toEqual([
      ["events.compacted", head - 1],
      ["agent.saved", head],
    ])
    const text = await readStream(app, 1, (seen) => seen.includes("agent.saved"))
    expect(text).toContain(`data: {"type":"events.compacted","upTo":${head - 1}}`)
    const { items } = await app.client.call("listLog", { query: { after: 0 } })
    expect(items.map((line) => line.seq)).toEqual([head])
    expect((await app.client.call("searchLog", { query: {} })).items.map((line) => line.seq)).toEqual([head])
  })
})

describe("lists", () => {
  it("are paged from either end", async () => {
    const app = await testApp(screenplayOf(specsScene("Core")))
    for (const name of ["a", "b", "c", "d", "e"]) await app.client.call("createAgent", { body: { name } })
    const readAll = async (reverse: object) => {
      const names: string[][] = []
      let cursor: string | null = null
      do {
        const query: object = { limit: 2, ...reverse, ...(cursor === null ? {} : { cursor }) }
        const page = await app.client.call("listAgents", { query })
        names.push(page.items.map((agent) => agent.name))
        cursor = page.next
      } while (cursor !== null)
      return names
    }
    expect(await readAll({})).toEqual([["a", "b"], ["c", "d"], ["e"]])
    expect(await readAll({ reverse: "true" })).toEqual([["e", "d"], ["c", "b"], ["a"]])
  })
})
