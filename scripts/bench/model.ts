/** A model that answers at once: read, edit, shell, in turn, for as many turns as its task's title says. */
import { parseScreenplay, startModelServer } from "@aura/model"

const call = (tool: string, input: object) => ({ tool, input })
const sizes = [10, 200, 1000, 2000]

export const tasks = sizes.map((turns) => `Take ${turns} turns`)

function replies(turns: number): object[] {
  const kinds = [
    (i: number) => call("read_file", { path: "notes.txt", start_line: 1, end_line: 20, n: i }),
    (i: number) => call("write_file", { path: "count.txt", content: `${i}\n` }),
    (i: number) => call("run_command", { command: `echo turn ${i}` }),
  ]
  const work = Array.from({ length: turns }, (_, i) => ({
    text: `Step ${i}.`,
    calls: [kinds[i % kinds.length]?.(i)],
    usage: { input: 10, output: 20 },
  }))
  return [...work, { calls: [call("task_done", { notes: "Done." })], usage: { input: 10, output: 20 } }]
}

const screenplay = {
  scenes: [
    {
      when: { phase: "specs" },
      replies: [{ calls: [call("create_spec", { title: "Core", markdown: "# Core" })] }, { text: "Done." }],
    },
    {
      when: { phase: "tasks" },
      replies: [
        {
          calls: tasks.map((title) =>
            call("create_task", { spec: "Core", title, description: "", checks: ["test ! -e failed"] }),
          ),
        },
        { text: "Done." },
      ],
    },
    ...sizes.map((turns) => ({
      when: { phase: "work", task: `Take ${turns} turns` },
      replies: replies(turns),
    })),
  ],
}

const server = await startModelServer({ screenplay: parseScreenplay(JSON.stringify(screenplay)), port: 0 })
process.send?.(server.url)
