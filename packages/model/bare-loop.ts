/** The yardstick: a bare loop on the SDK doing the same tool calls, keeping nothing. */
import { execFile } from "node:child_process"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import Anthropic from "@anthropic-ai/sdk"

const [url = "", folder = "", task = "", turns = "10"] = process.argv.slice(2)
const client = new Anthropic({ apiKey: "bench", baseURL: url, maxRetries: 0 })
const shell = promisify(execFile)
const names = ["read_file", "write_file", "run_command", "task_done"]
const tools = names.map((name) => ({
  name,
  description: name,
  input_schema: { type: "object" as const, properties: {} },
}))

async function runTool(block: Anthropic.ToolUseBlock): Promise<string> {
  const input: Record<string, unknown> = Object.fromEntries(Object.entries(block.input ?? {}))
  if (block.name === "read_file")
    return (await readFile(join(folder, String(input.path)), "utf8")).split("\n").slice(0, 20).join("\n")
  if (block.name === "write_file")
    return await writeFile(join(folder, String(input.path)), String(input.content)).then(() => "Wrote it.")
  return (await shell("/bin/sh", ["-c", String(input.command)], { cwd: folder })).stdout
}

const messages: Anthropic.MessageParam[] = [{ role: "user", content: `# Task: ${task}\nAttempt 1, part 1` }]
const startedAt = performance.now()
for (let turn = 0; turn < Number(turns); turn++) {
  const reply = await client.messages
    .stream({ model: "claude-opus-5-5", max_tokens: 32_000, system: "Work.", tools, messages })
    .finalMessage()
  messages.push({ role: "assistant", content: reply.content })
  const results: Anthropic.ToolResultBlockParam[] = []
  for (const block of reply.content) {
    if (block.type === "tool_use")
      results.push({ type: "tool_result", tool_use_id: block.id, content: await runTool(block) })
  }
  messages.push({ role: "user", content: results })
}
const usage = process.cpuUsage()
process.send?.({
  wallMs: performance.now() - startedAt,
  cpuMs: (usage.user + usage.system) / 1000,
  memoryMb: process.resourceUsage().maxRSS / 1024,
})
process.disconnect?.()
