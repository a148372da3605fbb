/** Aura with its window, as somebody starts it, and what can be seen of it from outside. */
import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Client } from "@aura/core"
import { findServer, readEnv } from "@aura/server"
import { expect, onTestFinished, vi } from "vitest"
import { end } from "../../../scripts/display.ts"
import type { Screen } from "./_screen.ts"

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url))
export const patience = { timeout: 60_000, interval: 100 }

export type App = {
  child: ChildProcess
  dataDir: string
  env: NodeJS.ProcessEnv
  client(): Promise<Client>
  /** Of the process of the windows; empty when there is none. */
  shellPid(): string
  /** All processes that were started by it, however deep. */
  pids(): string[]
  said(): string
  /** Starts it once more, and waits until that one ends. */
  startAgain(): Promise<number | null>
}

export type AppOptions = {
  command?: readonly [string, ...string[]]
  env?: NodeJS.ProcessEnv
  dataDir?: string
}

export async function startApp(screen: Screen, options: AppOptions = {}): Promise<App> {
  const [command, ...args] = options.command ?? [process.execPath, main]
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "aura-window-"))
  const { PATH, HOME } = process.env
  const env = {
    PATH,
    HOME,
    DISPLAY: screen.display,
    AURA_DATA_DIR: dataDir,
    AURA_SERVER_PORT: "0",
    ...options.env,
  }
  const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "pipe"] })
  let said = ""
  child.stderr.on("data", (text: Buffer) => (said += text.toString()))
  onTestFinished(async () => {
    await end(child, "SIGTERM")
    rmSync(dataDir, { recursive: true, force: true })
  })
  await vi.waitFor(() => expect(existsSync(join(dataDir, "server.json")), said).toBe(true), patience)
  const pids = () => readdirSync("/proc").filter((name) => isOf(name, `AURA_DATA_DIR=${dataDir}`))
  return {
    child,
    dataDir,
    env,
    said: () => said,
    pids,
    async client() {
      const found = await findServer(readEnv({ AURA_DATA_DIR: dataDir }, null))
      if (!found) throw new Error("the server does not answer")
      return found.client
    },
    shellPid: () => pids().find((pid) => read(`/proc/${pid}/cmdline`).includes("shell/main.ts")) ?? "",
    async startAgain() {
      const again = spawn(command, args, { env, stdio: "ignore" })
      return await new Promise((resolve) => again.once("exit", resolve))
    },
  }
}

/** Opens what can be found under a name in the command palette of the window in front, and waits for its title. */
export async function choose(screen: Screen, name: string, title: string | RegExp): Promise<void> {
  // A page that is not quite there yet misses keys: then they are pressed once more.
  await vi.waitFor(async () => {
    await screen.press("Escape", "ctrl+k")
    await screen.type(name)
    await screen.press("Return")
    await screen.titled(title, { timeout: 4000, interval: 100 })
  }, patience)
}

function isOf(pid: string, variable: string): boolean {
  return /^\d+$/.test(pid) && read(`/proc/${pid}/environ`).split("\0").includes(variable)
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8")
  } catch {
    // It ended meanwhile, or is somebody else's.
    return ""
  }
}
