/** The provider's weather, over real HTTP: whatever it does, at whatever moment, no task fails for it. */
import { splitModelId } from "@aura/core"
import { type ModelServer, parseScreenplay, startModelServer } from "@aura/model"
import { describe, expect, it, onTestFinished } from "vitest"
import {
  call,
  done,
  repeating,
  screenplayOf,
  specsScene,
  type TestApp,
  tasksScene,
  testApp,
  work,
  write,
} from "./_app.ts"

/** Quick enough to wait for; what is waited for is the same. */
const start = { patience: { stallMs: 150, policy: { firstMs: 20, capMs: 40 } } }

/** At which of the honest replies it happens. */
const places = [
  ["first turn", 0],
  ["middle", 1],
  ["check round", 3],
] as const

const fileOf = (at: number) => `f${at}.txt`
const honest = (at: number): object[] => [
  { calls: [write(fileOf(at), "bad")] },
  { calls: [call("read_file", { path: fileOf(at) })] },
  done(),
  { expect: { contains: "Not accepted" }, calls: [write(fileOf(at), "good")] },
  done(),
]

/** What is said instead of a reply: first of all the fault, in the end the reply. */
type Fault = { instead: (reply: object) => object[]; waits?: true; rotates?: true; isSilent?: true }

const withFault = (fault: object): Fault => ({ instead: (reply) => [{ ...reply, fault }], waits: true })
const thenReply = (said: object): Fault => ({ instead: (reply) => [said, { ...reply, expect: undefined }] })
/** Nothing is left of it in the conversation, so only the nudge tells the next request from this one. */
const saysNothing = (said: object): Fault => ({ instead: () => [said], isSilent: true })
const thenRotate = (said: object): Fault => ({ instead: () => [said], rotates: true })
const tooLong = "prompt is too long: 1000001 tokens > 1000000 maximum"

const faults: Record<string, Fault> = {
  "429 with retry-after": withFault({ status: 429, retryAfterSecs: 0.1 }),
  "429 without": withFault({ status: 429 }),
  "529": withFault({ status: 529 }),
  "500, twice": withFault({ status: 500, times: 2 }),
  "503": withFault({ status: 503 }),
  "a dropped stream": withFault({ drop: 3 }),
  "a stream dropped before its first event": withFault({ drop: 0 }),
  "a truncated stream": withFault({ truncate: 4 }),
  "a stalled stream": withFault({ stall: 60_000 }),
  "an error event in the stream": withFault({ errorEvent: "overloaded_error" }),
  "malformed tool JSON": {
    instead: (reply) => [
      { ...reply, fault: { malformed: true } },
      { ...reply, expect: undefined },
    ],
  },
  "an unknown tool": thenReply({ calls: [call("make_coffee", { cups: 2 })] }),
  "a tool without its input": thenReply({ calls: [call("write_file", { path: "x.txt" })] }),
  "text cut by max_tokens": thenReply({ text: "I shall now", stop: "max_tokens" }),
  "a call cut by max_tokens": thenReply({
    calls: [write("x.txt", "half")],
    stop: "max_tokens",
    fault: { malformed: true },
  }),
  "a refusal": thenReply({ text: "I would rather not.", stop: "refusal" }),
  "a refusal without a word": saysNothing({ stop: "refusal" }),
  pause_turn: thenReply({ text: "One moment.", stop: "pause_turn" }),
  "an empty reply": saysNothing({}),
  "only thoughts": thenReply({ thinking: "Hm." }),
  "a window that is exceeded while it speaks": thenReply({
    text: "So",
    stop: "model_context_window_exceeded",
  }),
  "a full window": thenRotate({ text: "So", stop: "model_context_window_exceeded", usage: { share: 0.99 } }),
  "a prompt that is too long": thenRotate({ fault: { status: 400, message: tooLong, times: 9 } }),
}

const titleOf = (place: string) => `Under ${place}`

function toScreenplay(fault: Fault) {
  const scenes = places.flatMap(([place, at]) => {
    const replies = honest(at)
    const before = replies.slice(0, at)
    const after = replies.slice(at + 1)
    const spoiled = fault.instead(replies[at] ?? {})
    if (fault.isSilent) {
      const nudged = replies.map((reply) => ({ ...reply, expect: undefined }))
      const says = "not finished until task_done"
      return [work(titleOf(place), [...before, ...spoiled]), work(titleOf(place), nudged, { says })]
    }
    if (!fault.rotates) return [work(titleOf(place), [...before, ...spoiled, ...after])]
    const rest = [{ ...replies[at], expect: undefined }, ...after]
    return [work(titleOf(place), [...before, ...spoiled]), work(titleOf(place), rest, { part: 2 })]
  })
  const handOff = {
    when: { phase: "hand_off" },
    replies: [{ calls: [call("hand_off", { summary: "Half way." })] }],
  }
  const tasks = places.map(([place, at]) => ({
    title: titleOf(place),
    checks: [`grep -q good ${fileOf(at)}`],
  }))
  return screenplayOf(specsScene("Core"), tasksScene(...tasks), handOff, ...scenes)
}

async function plan(app: TestApp) {
  const project = await app.createProject()
  await app.plan(project)
  return { p: project.id }
}

async function expectAllDone(app: TestApp, params: { p: string }): Promise<void> {
  const { items } = await app.client.call("listTasks", { params, query: {} })
  expect(items.map(({ title, status, attempts, lessons }) => ({ title, status, attempts, lessons }))).toEqual(
    places.map(([place]) => ({ title: titleOf(place), status: "done", attempts: 1, lessons: [] })),
  )
  const { loop } = await app.client.call("getLoop", { params })
  expect(loop).toMatchObject({ status: "finished", outcome: "done", waiting: null })
  for (const { id } of items)
    expect(app.git("log", "--format=%H", `--grep=${id}`).split("\n")).toHaveLength(1)
}

/** Every wait the loop told of, once. */
async function findWaits(app: TestApp): Promise<{ reason: string; until: string }[]> {
  const loops = (await app.events()).flatMap((event) => event.rows.loops ?? [])
  const waits = loops.flatMap(({ waiting }) => (waiting ? [waiting] : []))
  return [...new Map(waits.map((waiting) => [waiting.until, waiting])).values()]
}

describe.each(["anthropic", "openai"] as const)("the provider's weather (%s)", (api) => {
  const otherId = api === "anthropic" ? "claude-haiku-5-5" : "openai:another"
  const modelId = api === "anthropic" ? "claude-opus-5-5" : "openai:scripted"
  it.each(Object.entries(faults))(
    "%s fails no task: not on the first turn, in the middle or between checks",
    async (_, fault) => {
      const app = await testApp(toScreenplay(fault), { start, api })
      const params = await plan(app)
      await app.client.call("startLoop", { params, body: {} })
      await app.idle()
      await expectAllDone(app, params)
      const waits = await findWaits(app)
      expect(waits.length >= places.length).toBe(fault.waits ?? false)
      for (const { reason, until } of waits) {
        expect(reason).toMatch(/\w.*\(.+\)\.$/)
        expect(new Date(until).toISOString()).toBe(until)
      }
    },
  )

  it("is waited out while planning as well, and told", async () => {
    const fault = { status: 529, times: 2 }
    const specs = specsScene("Core")
    const app = await testApp(
      screenplayOf({
        ...specs,
        replies: [
          { fault, calls: [call("create_spec", { title: "Core", markdown: "# Core" })] },
          { text: "Done." },
        ],
      }),
      { start, api },
    )
    const params = { p: (await app.createProject()).id }
    await app.client.call("generateSpecs", { params })
    await app.idle()
    const told = (await app.events()).flatMap((event) => event.rows.plans ?? [])
    expect(told.filter((plan) => plan.waiting).map((plan) => plan.waiting?.reason)).toEqual([
      expect.stringContaining("overloaded"),
      expect.stringContaining("overloaded"),
    ])
    expect(told.at(-1)).toMatchObject({ status: "finished", waiting: null })
  })

  it("is no matter where another model was named: it does the work", async () => {
    const down = { fault: { status: 529, times: 99 } }
    const dead = places.map(([place]) =>
      repeating(work(titleOf(place), [down], { model: splitModelId(modelId).name })),
    )
    const play = toScreenplay(thenReply({ calls: [call("run_command", { command: "true" })] }))
    const app = await testApp(
      { ...play, scenes: [...dead, ...play.scenes] },
      { start, api, env: { AURA_FALLBACK_MODEL: otherId } },
    )
    const params = await plan(app)
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    await expectAllDone(app, params)
    const replies = (await app.events())
      .flatMap((event) => event.rows.entries ?? [])
      .flatMap((entry) => (entry.kind === "reply" && entry.taskId ? [entry.model] : []))
    expect(new Set(replies)).toEqual(new Set([otherId]))
  })

  it("waits as long as retry-after says", async () => {
    const app = await testApp(toScreenplay(withFault({ status: 429, retryAfterSecs: 0.3 })), { start, api })
    const params = await plan(app)
    const startedAt = Date.now()
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    await expectAllDone(app, params)
    expect(Date.now() - startedAt).toBeGreaterThan(3 * 300)
  })

  it("waits for a server that is gone, at every moment, until it is back", async () => {
    const screenplay = toScreenplay(thenReply({ calls: [call("run_command", { command: "true" })] }))
    const app = await testApp(screenplay, { start, api })
    const params = await plan(app)
    let server: ModelServer = app.model
    onTestFinished(() => server.close())
    const port = server.port
    let outages = 0
    let closing: Promise<void> | undefined
    const goAway = () => {
      closing ??= server.close()
    }
    app.running.host.feed.listen((event) => {
      if (event.type === "tool.started" && event.name === "run_command") goAway()
    })
    app.running.aura.store.subscribe((event) => {
      if (!closing || !event.rows.loops?.some((loop) => loop.waiting !== null)) return
      const gone = closing
      closing = undefined
      outages += 1
      void gone.then(async () => {
        server = await startModelServer({
          screenplay: parseScreenplay(JSON.stringify(screenplay)),
          port,
          api,
        })
      })
    })
    goAway()
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    const { items } = await app.client.call("listTasks", { params, query: {} })
    expect((await app.client.call("getLoop", { params })).loop).toMatchObject({ outcome: "done" })
    expect(items.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual(places.map(() => "done 1"))
    expect(outages).toBeGreaterThan(1)
    expect((await findWaits(app))[0]?.reason).toContain("ECONNREFUSED")
  })
})
