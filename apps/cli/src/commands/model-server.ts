/** aura model-server: serves a screenplay over the real API of a provider. */
import { readFile } from "node:fs/promises"
import { toMessage } from "@aura/core"
import { type Api, parseScreenplay, startModelServer } from "@aura/model"
import { readArguments, toNumber } from "../arguments.ts"
import { exitCode, UsageError } from "../exit.ts"

export const usage =
  "aura model-server --screenplay FILE [--api anthropic|openai|responses|gemini] [--port P]"

export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(
    args,
    { screenplay: { type: "string" }, port: { type: "string" }, api: { type: "string" } },
    0,
    usage,
  )
  if (!values.screenplay) throw new UsageError(`Name the screenplay with --screenplay. Usage: ${usage}`)
  const file = values.screenplay
  const named = values.api ?? "anthropic"
  const api = apis.find((one) => one === named)
  if (!api) throw new UsageError(`--api is one of ${apis.join(", ")}, not ${named}. Usage: ${usage}`)
  const text = await readFile(file, "utf8").catch(() => {
    throw new UsageError(`The screenplay ${file} cannot be read.`)
  })
  const server = await startModelServer({
    screenplay: parse(text, file),
    api,
    port: toNumber(values.port, "--port", usage) ?? 0,
  })
  process.stdout.write(`The model server is at ${server.url}\nUse it with ${variables[api](server.url)}\n`)
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve)
    process.once("SIGTERM", resolve)
  })
  await server.close()
  return exitCode.done
}

const apis: readonly Api[] = ["anthropic", "openai", "responses", "gemini"]

/** With which a server of each API is used. */
const variables: Record<Api, (url: string) => string> = {
  anthropic: (url) => `ANTHROPIC_BASE_URL=${url} ANTHROPIC_API_KEY=any-key`,
  openai: (url) => `OPENAI_BASE_URL=${url}/v1 OPENAI_API_KEY=any-key AURA_MODEL=openai:scripted`,
  responses: (url) => `OPENAI_BASE_URL=${url}/v1/responses OPENAI_API_KEY=any-key AURA_MODEL=openai:scripted`,
  gemini: (url) => `GEMINI_BASE_URL=${url}/v1beta GEMINI_API_KEY=any-key AURA_MODEL=gemini:scripted`,
}

function parse(text: string, file: string) {
  try {
    return parseScreenplay(text)
  } catch (thrown) {
    throw new UsageError(`${file} is no screenplay: ${toMessage(thrown)}`)
  }
}
