/** Opens a page in a headless Chromium, in the sandbox of a workspace's commands and with its network access. */
import { randomUUID } from "node:crypto"
import { readFileSync, realpathSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { z } from "zod"
import { findProgram } from "../host-program.mjs"
import type { RunOptions, RunResult, Workspace } from "../workspace.ts"

const driver = fileURLToPath(new URL("./look.mjs", import.meta.url))
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

/** The path of Chromium; undefined if none is installed that can run in the sandbox. */
export function findBrowser(): string | undefined {
  // Only on Linux: other sandboxes are not known to provide what it needs.
  if (process.platform !== "linux") return undefined
  return names.map((name) => findProgram(name)).find((path) => path !== undefined && !isSnap(path))
}

/** A snap, or the script that starts one, needs a service that no sandbox has. */
function isSnap(path: string): boolean {
  const real = realpathSync(path)
  if (real.startsWith("/snap/") || real.endsWith("/snap")) return true
  const beginning = readFileSync(real).subarray(0, 4000).toString("latin1")
  return beginning.startsWith("#!") && beginning.includes("/snap/bin/")
}

export type Look = {
  /** An address, or the path of a file of the workspace. */
  page: string
  /** Command that starts the server of the address. */
  serve?: string | undefined
  /** JavaScript to run in the page first. */
  script?: string | undefined
  width?: number | undefined
}

const Seen = z.object({
  problem: z.string().optional(),
  title: z.string().optional(),
  url: z.string().optional(),
  status: z.number().optional(),
  script: z.string().optional(),
  messages: z.array(z.string()).optional(),
  tree: z.string().optional(),
  server: z.string().optional(),
})
/** The result; `problem` says why there is none. */
export type Seen = z.infer<typeof Seen> & { picture: Uint8Array | undefined }

/** @returns the end of the command instead, where it was ended or could not do its work */
export async function lookAtPage(
  workspace: Pick<Workspace, "run">,
  browser: string,
  look: Look,
  options: Omit<RunOptions, "lends" | "collects">,
): Promise<Seen | { ended: RunResult }> {
  const id = randomUUID()
  const [result, picture] = [`${id}.json`, `${id}.picture`]
  const order = JSON.stringify({ ...look, browser, result, picture })
  const command = `${quote(process.execPath)} ${quote(driver)} ${quote(order)}`
  const ended = await workspace.run(command, {
    ...options,
    lends: [process.execPath, driver],
    collects: [result, picture],
  })
  const found = ended.collected?.get(result)
  const seen = Seen.safeParse(found && parse(Buffer.from(found).toString("utf8")))
  return seen.success ? { ...seen.data, picture: ended.collected?.get(picture) } : { ended }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
