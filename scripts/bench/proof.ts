/** What proof costs a task: the time from its start to its commit with proof as usual, beside checks that run once. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { idle } from "@aura/engine"
import { parseScreenplay, startModelServer } from "@aura/model"
import { connect, readEnv, startServer } from "@aura/server"
import { type Figure, median, round } from "./measure.ts"

const count = 6

export async function benchProof(runs: number): Promise<Figure[]> {
  const rows: { usual: number; once: number }[] = []
  for (let run = 0; run < runs; run++) rows.push({ usual: await measure(true), once: await measure(false) })
  const usual = median(rows.map((row) => row.usual))
  return [
    { name: "a task from its start to its commit, with proof", value: round(usual), unit: "ms" },
    {
      name: "the same / with each check run once",
      value: round(median(rows.map((row) => row.usual / row.once))),
      unit: "x",
      goal: "<= 1.5",
      beside: "once: neither the experiment without the work nor faults in changed lines",
    },
  ]
}

/** @returns milliseconds a task, of a small Node project whose every task has a test of its own */
async function measure(isUsual: boolean): Promise<number> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "aura-bench-proof-")))
  const [workspacePath, dataDir] = [join(folder, "workspace"), join(folder, "data")]
  mkdirSync(workspacePath)
  const screenplay = parseScreenplay(JSON.stringify(script(isUsual ? {} : { keeps_behaviour: "Measured." })))
  const model = await startModelServer({ screenplay, port: 0 })
  const env = readEnv(
    { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "bench", AURA_DATA_DIR: dataDir },
    null,
  )
  const server = await startServer({ env: { ...env, host: "127.0.0.1", port: 0 } })
  try {
    const { client } = await connect({ ...env, dataDir }, server.url, async () => undefined)
    const requirements = `# Numbers\n\n${numbers.map((n) => `- \`n${n}.js\` exports the number ${n}\n`).join("")}`
    const mutation = isUsual ? ("on" as const) : ("off" as const)
    const body = { name: "Numbers", requirements, workspacePath, mutation }
    const params = { p: (await client.call("createProject", { body })).id }
    await client.call("generateSpecs", { params })
    await idle(server.engine)
    await client.call("extractTasks", { params })
    await idle(server.engine)
    await client.call("startLoop", { params, body: {} })
    await idle(server.engine)
    const { items } = await client.call("listTasks", { params, query: {} })
    const open = items.find(({ status }) => status !== "done")
    if (open) throw new Error(`"${open.title}" is ${open.status}: ${open.failure}`)
    return median(items.map((task) => Date.parse(task.finishedAt ?? "") - Date.parse(task.startedAt ?? "")))
  } finally {
    await server.stop()
    await model.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const numbers = Array.from({ length: count }, (_, i) => i + 1)

function script(end: object): object {
  const call = (tool: string, input: object) => ({ tool, input })
  const scenes = numbers.map((n) => {
    const test = `const { test } = require("node:test")\nconst assert = require("node:assert")\ntest("is ${n}", () => assert.equal(require("./n${n}.js").n, ${n}))\n`
    const files = [
      call("write_file", { path: `n${n}.js`, content: `exports.n = ${n}\n` }),
      call("write_file", { path: `n${n}.test.js`, content: test }),
    ]
    const trying = call("run_command", { command: `node --test n${n}.test.js` })
    // As agents work: they look, write, try, correct, try again.
    const replies = [
      [call("list_files", { path: "." })],
      [call("write_file", { path: `n${n}.js`, content: "exports.n = 0\n" }), files[1]],
      [trying],
      [call("read_file", { path: `n${n}.js` })],
      [files[0]],
      [trying],
      [call("task_done", { notes: "Done.", ...end })],
    ].map((calls) => ({ calls }))
    return { when: { phase: "work", task: `Make ${n}` }, replies }
  })
  const tasks = numbers.map((n) =>
    call("create_task", {
      spec: "Core",
      title: `Make ${n}`,
      description: "As the document says.",
      checks: [`node --test n${n}.test.js`],
      requirements: [`R${n}`],
    }),
  )
  const spec = call("create_spec", { title: "Core", markdown: "# Core" })
  return {
    title: "Numbers",
    scenes: [
      { when: { phase: "specs" }, replies: [{ calls: [spec] }, { text: "Done." }] },
      { when: { phase: "tasks" }, replies: [{ calls: tasks }, { text: "Done." }] },
      ...scenes,
    ],
  }
}
