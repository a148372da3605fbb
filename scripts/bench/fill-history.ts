/** Fills a data directory with a long past: sessions of 2,500 entries, each an event; says which session is the last. */
import { auth, projects, sessions } from "@aura/domain"
import { readEnv, startServer } from "@aura/server"

const [count = "0"] = process.argv.slice(2)
const perSession = 2500
const together = 100
const words = "the server reads a file and writes the result of each check into the log of its task".split(
  " ",
)

const running = await startServer({ env: { ...readEnv(process.env, null), port: 0 } })
const { aura } = running
const project = await projects.create(aura, { name: "History", requirements: "- It has a past" })
const place = { projectId: project.id, instanceId: "inst_history", kind: "work" } as const
let session = await sessions.start(aura, { ...place, model: "bench", contextWindow: 200_000, rotateAt: 0.5 })

function toText(n: number): string {
  const some = Array.from({ length: 40 }, (_, i) => words[(n * 7 + i * i) % words.length])
  return `${n === 40_000 ? "xylophone " : ""}${some.join(" ")} number-${n}`
}

for (let n = 0; n < Number(count); n += together) {
  if (n > 0 && n % perSession === 0)
    session = await sessions.start(aura, { ...place, model: "bench", contextWindow: 200_000, rotateAt: 0.5 })
  const entries = Array.from({ length: together }, (_, i) =>
    sessions.append(aura, session, (n % perSession) + i + 1, {
      kind: "note",
      level: "info",
      text: toText(n + i),
    }),
  )
  await Promise.all(entries)
}
const { access_token: token } = await auth.createToken(aura.keys, Date.now())
await running.stop()
process.send?.(`${token} ${project.id} ${session.instanceId} ${session.id}`)
