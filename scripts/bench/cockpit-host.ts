/** A server with two large projects and a long log, that streams words when it is told to. */
import { auth, projects, sessions, specs } from "@aura/domain"
import { readEnv, startServer } from "@aura/server"

const events = Number(process.env.AURA_BENCH_EVENTS ?? 100_000)
const tasksEach = 500
const entriesAll = 10_000

const running = await startServer({ env: { ...readEnv(process.env, null), port: 0 } })
const { aura } = running

async function fill(name: string): Promise<{ id: string; sessionId: string }> {
  const project = await projects.create(aura, { name, requirements: "# Bench\n\n- It is measured\n" })
  const at = new Date(aura.now()).toISOString()
  const spec = {
    id: aura.newId("spec"),
    projectId: project.id,
    order: 1,
    title: "Bench",
    markdown: "Measured.",
    createdAt: at,
    updatedAt: at,
  }
  const instance = (await aura.store.list("instances", { projectId: project.id }))[0]
  const tasks = Array.from({ length: tasksEach }, (_, i) => ({
    id: aura.newId("task"),
    projectId: project.id,
    specId: spec.id,
    title: `Task ${i + 1}`,
    description: "",
    status: "ready" as const,
    order: i + 1,
    dependsOn: [],
    requirementIds: ["R1"],
    checks: [],
    attempts: 0,
    lessons: [],
    filesChanged: [],
    usage: project.usage,
    createdAt: at,
  }))
  await aura.store.commit("tasks.extracted", { projectId: project.id, rows: { specs: [spec], tasks } })
  const session = await sessions.start(aura, {
    projectId: project.id,
    instanceId: instance?.id ?? project.id,
    kind: "work",
    model: "bench",
    contextWindow: 1_000_000,
    rotateAt: 0.5,
  })
  return { id: project.id, sessionId: session.id }
}

const one = await fill("Bench one")
const two = await fill("Bench two")
const known = (await specs.list(aura, one.id))[0]
const writers = Array.from({ length: 64 }, async () => {
  while (known && aura.store.head < events) {
    await specs.update(aura, { kind: "aura", name: "bench" }, one.id, known.id, { title: "Bench" })
  }
})
await Promise.all(writers)

/** A session of many turns: what is said, what is run, what it printed. */
async function fillTimeline({ id, sessionId }: { id: string; sessionId: string }): Promise<void> {
  const instance = (await aura.store.list("instances", { projectId: id }))[0]
  const at = new Date(aura.now()).toISOString()
  const usage = { inputTokens: 0, cacheWriteTokens: 0, cacheReadTokens: 0, outputTokens: 0, costUsd: 0 }
  const entries = Array.from({ length: entriesAll }, (_, i) => {
    const common = {
      id: aura.newId("entry"),
      projectId: id,
      sessionId,
      instanceId: instance?.id ?? id,
      n: i + 1,
      at,
    }
    const turn = Math.floor(i / 2) + 1
    const call = { toolUseId: `call_${turn}`, name: "run_command", input: { command: `echo ${turn}` } }
    return i % 2 === 0
      ? {
          ...common,
          kind: "reply" as const,
          turn,
          blocks: [
            {
              type: "text" as const,
              text: `Turn **${turn}** of the bench looks at \`file-${turn}.ts\` once more.`,
            },
            { type: "tool_use" as const, id: call.toolUseId, name: call.name, input: call.input },
          ],
          stopReason: "tool_use",
          model: "bench",
          usage,
          durationMs: 900,
        }
      : {
          ...common,
          kind: "tool" as const,
          ...call,
          output: `${turn}\n`,
          isError: false,
          durationMs: 12,
          exitCode: 0,
        }
  })
  for (let i = 0; i < entries.length; i += 1000)
    await aura.store.commit("entry.added", { projectId: id, rows: { entries: entries.slice(i, i + 1000) } })
}

await fillTimeline(two)

process.on("message", (order: { perSecond: number; seconds: number }) => {
  const everyMs = 20
  const batch = (order.perSecond * everyMs) / 1000
  let left = (order.seconds * 1000) / everyMs
  const timer = setInterval(() => {
    for (let i = 0; i < batch; i++) {
      const text = `word${left}-${i} ${i === 0 ? "**bold** " : ""}`
      aura.live({
        type: "reply.delta",
        projectId: one.id,
        sessionId: one.sessionId,
        turn: 1 + Math.floor(left / 100),
        kind: "text",
        text,
      })
    }
    if (--left <= 0) clearInterval(timer)
  }, everyMs)
})

const { access_token: token } = await auth.createToken(aura.keys, Date.now())
process.send?.(`${running.url} ${token} ${one.id} ${two.id} ${two.sessionId}`)
process.once("SIGTERM", () => void running.stop().then(() => process.exit(0)))
