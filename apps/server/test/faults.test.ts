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

const fileOf = (title: string) => `${title.replace(/\W+/g, "-")}.txt`
const honest = (file: string): object[] => [
  { calls: [write(file, "bad")] },
  { calls: [call("read_file", { path: file })] },
  done(),
  { expect: { contains: "Not accepted" }, calls: [write(file, "good")] },
  done(),
]

/** What is said instead of a reply: first of all the fault, in the end the reply. */
type Fault = { instead: (reply: object) => object[]; waits?: true; rotates?: true; nudgedBy?: string }

const withFault = (fault: object): Fault => ({ instead: (reply) => [{ ...reply, fault }], waits: true })
const thenReply = (said: object): Fault => ({ instead: (reply) => [said, { ...reply, expect: undefined }] })
/** Nothing is left of it in the conversation, so only the nudge tells the next request from this one. */
const saysNothing = (said: object, nudgedBy = "not finished until task_done"): Fault => ({
  instead: () => [said],
  nudgedBy,
})
const thenRotate = (said: object): Fault => ({ instead: () => [said], rotates: true })
const harmless = thenReply({ calls: [call("run_command", { command: "true" })] })
const tooLong = "prompt is too long: 1000001 tokens > 1000000 maximum"

const cutCall = "a call cut by max_tokens"

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
  [cutCall]: thenReply({
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

/** One task of the run: what happens to it, and when. */
type Case = { title: string; fault: Fault; at: number }

const casesOf = (name: string, fault: Fault): Case[] =>
  places.map(([place, at]) => ({ title: `${name} (${place})`, fault, at }))

type Api = "anthropic" | "openai" | "responses" | "gemini"
const models = {
  anthropic: { main: "claude-opus-5-5", other: "claude-haiku-5-5" },
  openai: { main: "openai:scripted", other: "openai:another" },
  responses: { main: "openai:scripted", other: "openai:another" },
  gemini: { main: "gemini:scripted", other: "gemini:another" },
} as const

const isTorture = Boolean(process.env.AURA_TORTURE)
/** Those whose whole weather is played in `npm test` too; of the others it plays a quarter. */
const apis: readonly Api[] = isTorture
  ? ["anthropic", "openai", "responses", "gemini"]
  : ["anthropic", "openai"]

/** `npm run torture` tries each fault at each place; otherwise each has one, and the next fault the next. */
const cases = Object.entries(faults).flatMap(([name, fault], i) => {
  const all = casesOf(name, fault)
  return isTorture ? all : all.slice(i % all.length, (i % all.length) + 1)
})
const toGroups = (tried: readonly Case[]) =>
  [true, false].map((waits) => ({
    name: waits ? "makes the run wait" : "is answered at once",
    waits,
    cases: tried.filter(({ fault }) => (fault.waits ?? false) === waits),
  }))

/** Gemini leaves a call out that it could not finish, so that such a reply is empty. */
const faultOf = ({ title, fault }: Case, api: Api): Fault =>
  api === "gemini" && title.startsWith(cutCall)
    ? saysNothing({ stop: "max_tokens" }, "Go on in smaller steps")
    : fault

function toScreenplay(tried: readonly Case[], api: Api) {
  const scenes = tried.flatMap((one) => {
    const { title, at } = one
    const fault = faultOf(one, api)
    const replies = honest(fileOf(title))
    const before = replies.slice(0, at)
    const after = replies.slice(at + 1)
    const spoiled = fault.instead(replies[at] ?? {})
    if (fault.nudgedBy) {
      const nudged = replies.map((reply) => ({ ...reply, expect: undefined }))
      return [work(title, [...before, ...spoiled]), work(title, nudged, { says: fault.nudgedBy })]
    }
    if (!fault.rotates) return [work(title, [...before, ...spoiled, ...after])]
    const rest = [{ ...replies[at], expect: undefined }, ...after]
    return [work(title, [...before, ...spoiled]), work(title, rest, { part: 2 })]
  })
  const handOff = {
    when: { phase: "hand_off" },
    replies: [{ calls: [call("hand_off", { summary: "Half way." })] }],
  }
  const tasks = tried.map(({ title }) => ({ title, checks: [`grep -q good ${fileOf(title)}`] }))
  return screenplayOf(specsScene("Core"), tasksScene(...tasks), handOff, ...scenes)
}

async function plan(app: TestApp) {
  const project = await app.createProject()
  await app.plan(project)
  return { p: project.id }
}

async function expectAllDone(app: TestApp, params: { p: string }, tried: readonly Case[]): Promise<void> {
  const { items } = await app.client.call("listTasks", { params, query: {} })
  expect(items.map(({ title, status, attempts, lessons }) => ({ title, status, attempts, lessons }))).toEqual(
    tried.map(({ title }) => ({ title, status: "done", attempts: 1, lessons: [] })),
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

async function expectNoneFails(api: Api, waits: boolean, tried: readonly Case[]): Promise<void> {
  const app = await testApp(toScreenplay(tried, api), { start, api })
  const params = await plan(app)
  await app.client.call("startLoop", { params, body: {} })
  await app.idle()
  await expectAllDone(app, params, tried)
  const told = await findWaits(app)
  expect(told.length >= tried.length).toBe(waits)
  for (const { reason, until } of told) {
    expect(reason).toMatch(/\w.*\(.+\)\.$/)
    expect(new Date(until).toISOString()).toBe(until)
  }
}

describe.skipIf(isTorture).each(["responses", "gemini"] as const)(
  "a quarter of the provider's weather (%s)",
  (api) => {
    const quarter = cases.filter((_, i) => i % 4 === 1)
    it.each(toGroups(quarter))(
      "fails no task where it $name: $cases.length cases",
      async ({ waits, cases: tried }) => {
        await expectNoneFails(api, waits, tried)
      },
    )
  },
)

describe.each(apis)("the provider's weather (%s)", (api) => {
  it.each(toGroups(cases))(
    "fails no task where it $name: $cases.length cases",
    async ({ waits, cases: tried }) => {
      await expectNoneFails(api, waits, tried)
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
    const tried = casesOf("Harmless", harmless)
    const dead = tried.map(({ title }) =>
      repeating(work(title, [down], { model: splitModelId(models[api].main).name })),
    )
    const play = toScreenplay(tried, api)
    const app = await testApp(
      { ...play, scenes: [...dead, ...play.scenes] },
      { start, api, env: { AURA_FALLBACK_MODEL: models[api].other } },
    )
    const params = await plan(app)
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    await expectAllDone(app, params, tried)
    const replies = (await app.events())
      .flatMap((event) => event.rows.entries ?? [])
      .flatMap((entry) => (entry.kind === "reply" && entry.taskId ? [entry.model] : []))
    expect(new Set(replies)).toEqual(new Set([models[api].other]))
  })

  it("waits as long as retry-after says", async () => {
    const tried = casesOf("Limited", withFault({ status: 429, retryAfterSecs: 0.3 }))
    const app = await testApp(toScreenplay(tried, api), { start, api })
    const params = await plan(app)
    const startedAt = Date.now()
    await app.client.call("startLoop", { params, body: {} })
    await app.idle()
    await expectAllDone(app, params, tried)
    expect(Date.now() - startedAt).toBeGreaterThan(3 * 300)
  })

  it("waits for a server that is gone, at every moment, until it is back", async () => {
    const screenplay = toScreenplay(casesOf("Gone", harmless), api)
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
