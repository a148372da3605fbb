/** aura model-server: serves a screenplay over the real API of a provider. */
import { readFile } from "node:fs/promises"
import { toMessage } from "@aura/core"
import { parseScreenplay, startModelServer } from "@aura/model"
import { readArguments, toNumber } from "../arguments.ts"
import { exitCode, UsageError } from "../exit.ts"

export const usage = "aura model-server --screenplay FILE [--api anthropic|openai] [--port P]"

export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(
    args,
    { screenplay: { type: "string" }, port: { type: "string" }, api: { type: "string" } },
    0,
    usage,
  )
  if (!values.screenplay) throw new UsageError(`Name the screenplay with --screenplay. Usage: ${usage}`)
  const file = values.screenplay
  const api = values.api ?? "anthropic"
  if (api !== "anthropic" && api !== "openai")
    throw new UsageError(`--api is anthropic or openai, not ${api}. Usage: ${usage}`)
  const text = await readFile(file, "utf8").catch(() => {
    throw new UsageError(`The screenplay ${file} cannot be read.`)
  })
  const server = await startModelServer({
    screenplay: parse(text, file),
    api,
    port: toNumber(values.port, "--port", usage) ?? 0,
  })
  const variables =
    api === "anthropic"
      ? `ANTHROPIC_BASE_URL=${server.url} ANTHROPIC_API_KEY=any-key`
      : `OPENAI_BASE_URL=${server.url}/v1 OPENAI_API_KEY=any-key AURA_MODEL=openai:scripted`
  process.stdout.write(`The model server is at ${server.url}\nUse it with ${variables}\n`)
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve)
    process.once("SIGTERM", resolve)
  })
  await server.close()
  return exitCode.done
}

function parse(text: string, file: string) {
  try {
    return parseScreenplay(text)
  } catch (thrown) {
    throw new UsageError(`${file} is no screenplay: ${toMessage(thrown)}`)
  }
}
