/** One project in the middle of its life, with every time and number fixed: what the visual baselines show. */
import { type Entry, noUsage, type Task } from "@aura/core"
import type { TestApp } from "./_app.ts"

const at = "2026-01-05T09:00:00.000Z"
const later = "2026-01-05T09:04:12.000Z"
const usage = {
  inputTokens: 18_400,
  cacheWriteTokens: 9_200,
  cacheReadTokens: 61_000,
  outputTokens: 4_100,
  costUsd: 0.42,
}

const document = `# Word count

- Reads a file of words, one a line
- Counts every word without regard to case
- Prints the ten most frequent words
- Ends with a sentence on a missing file
`
const markdown = `# Counting

Counts the words of a file.

## Interfaces

| name | does |
|---|---|
| \`count(lines)\` | the number of each word |
| \`top(counts, n)\` | the \`n\` most frequent |

## Invariants

- Words that differ in case alone are one word.
- Equal counts are in the order of the alphabet.
`

const check = (command: string, passed: boolean, output: string) => ({
  command,
  source: "task" as const,
  passed,
  exitCode: passed ? 0 : 1,
  durationMs: 840,
  output,
  outputDigest: "0".repeat(64),
  treeHash: "a".repeat(40),
})

export async function fillShowcase(app: TestApp): Promise<{ projectId: string; specId: string }> {
  const { store } = app.running.aura
  const created = await app.createProject({ name: "Word count", requirements: document })
  const projectId = created.id
  const instance = (await store.list("instances", { projectId }))[0]
  if (!instance) throw new Error("the project has no instance")
  const spec = (order: number, title: string, text: string) => ({
    id: `spec_${order}`,
    projectId,
    order,
    title,
    markdown: text,
    createdAt: at,
    updatedAt: at,
  })
  const task = (order: number, title: string, status: Task["status"], more: Partial<Task> = {}): Task => ({
    id: `task_${order}`,
    projectId,
    specId: order < 4 ? "spec_1" : "spec_2",
    title,
    description: "As the spec says, with its tests.",
    status,
    order,
    dependsOn: order > 1 ? [`task_${order - 1}`] : [],
    requirementIds: [`R${Math.min(order, 4)}`],
    checks: ["npm test"],
    attempts: status === "pending" ? 0 : 1,
    lessons: [],
    filesChanged: [],
    usage: status === "pending" ? noUsage : usage,
    createdAt: at,
    ...more,
  })
  const proof = {
    startedAt: at,
    finishedAt: later,
    instanceId: instance.id,
    evidence: {
      at: later,
      treeHash: "a".repeat(40),
      checks: [check("npm test", true, "ok\n")],
      foreignFiles: [],
    },
    filesChanged: [{ path: "src/count.ts", op: "added" as const, additions: 24, deletions: 0 }],
  }
  const failed = {
    startedAt: later,
    finishedAt: "2026-01-05T09:09:31.000Z",
    instanceId: instance.id,
    failure: "npm test failed: equal counts came in the order they were read.",
  }
  const session = {
    id: "ses_1",
    projectId,
    instanceId: instance.id,
    kind: "work" as const,
    number: 1,
    status: "completed" as const,
    model: "claude-opus",
    contextTokens: 68_000,
    contextWindow: 200_000,
    contextUsage: 0.34,
    rotateAt: 0.5,
    turns: 3,
    usage,
    summary: null,
    handOff: null,
    previousId: null,
    startedAt: at,
    finishedAt: later,
  }
  const loop = {
    id: "loop_1",
    projectId,
    instanceId: instance.id,
    status: "finished" as const,
    phase: "claiming" as const,
    taskId: null,
    sessionId: session.id,
    onlyTaskId: null,
    waiting: null,
    outcome: "failed" as const,
    reason: "2 of 5 tasks are done. “Order equal counts” failed; 2 more wait for them.",
    startedAt: at,
    finishedAt: later,
  }
  const tasks = [
    task(1, "Set up the project", "done", proof),
    task(2, "Count the words of a file", "done", proof),
    task(3, "Order equal counts", "failed", failed),
    task(4, "Print the report", "pending"),
    task(5, "Name a missing file", "pending"),
  ]
  await store.commit("tasks.extracted", {
    projectId,
    rows: {
      projects: [{ ...created, usage, createdAt: at, updatedAt: at }],
      specs: [spec(1, "Counting", markdown), spec(2, "Report", "# Report\n\nPrints what was counted.\n")],
      tasks,
      sessions: [session],
      loops: [loop],
    },
  })
  await store.commit("entry.added", { projectId, rows: { entries: toEntries(projectId, instance.id) } })
  return { projectId, specId: "spec_1" }
}

function toEntries(projectId: string, instanceId: string): Entry[] {
  const common = (n: number) => ({
    id: `ent_${n}`,
    projectId,
    sessionId: "ses_1",
    instanceId,
    taskId: "task_3",
    n,
    at,
  })
  const call = { toolUseId: "call_1", name: "run_command", input: { command: "npm test" } }
  return [
    { ...common(1), kind: "prompt", from: "aura", about: "task", text: "# Task: Order equal counts" },
    {
      ...common(2),
      kind: "reply",
      turn: 1,
      blocks: [
        {
          type: "text",
          text: "The counts are there; what is left is the **order of equal ones**. I run the tests first.",
        },
        { type: "tool_use", id: call.toolUseId, name: call.name, input: call.input },
      ],
      stopReason: "tool_use",
      model: "claude-opus",
      usage,
      durationMs: 4_200,
    },
    {
      ...common(3),
      kind: "tool",
      ...call,
      output: "✔ counts words\n✖ orders equal counts\n  expected a, b but got b, a\n",
      isError: true,
      durationMs: 1_900,
      exitCode: 1,
    },
    { ...common(4), kind: "check", round: 1, check: check("npm test", false, "✖ orders equal counts\n") },
    {
      ...common(5),
      kind: "note",
      level: "warn",
      text: "Attempt 1 failed: the tests of the task do not pass.",
    },
  ]
}
