/** aura report: the certificate of a project, or a report for people. */
import { writeFile } from "node:fs/promises"
import { currentEnv, openServer } from "@aura/server"
import { readArguments } from "../arguments.ts"
import { exitCode, UsageError } from "../exit.ts"
import { findProject } from "./project.ts"

export const usage = "aura report [PROJECT] [--format markdown|html|json] [--out FILE]"

const formats = ["markdown", "html", "json"] as const

export async function run(args: readonly string[]): Promise<number> {
  const options = { format: { type: "string" }, out: { type: "string" }, json: { type: "boolean" } } as const
  const { values, positionals } = readArguments(args, options, 1, usage)
  const wanted = values.format ?? (values.json ? "json" : fromName(values.out))
  const format = formats.find((name) => name === wanted)
  if (!format)
    throw new UsageError(`--format is one of ${formats.join(", ")}, not "${wanted}". Usage: ${usage}`)
  const server = await openServer(currentEnv(), { isLooking: true })
  try {
    const { id } = await findProject(server.client, positionals[0])
    const answer = await server.client.open("getReport", { params: { p: id }, query: { format } })
    const said = await answer.text()
    const text = format === "json" ? `${JSON.stringify(JSON.parse(said), null, 2)}\n` : said
    if (values.out === undefined) process.stdout.write(text)
    else await writeFile(values.out, text)
    return exitCode.done
  } finally {
    await server.close()
  }
}

function fromName(out: string | undefined): string {
  if (out?.endsWith(".json")) return "json"
  return out?.endsWith(".html") ? "html" : "markdown"
}
