/** What keeps commands of the model inside their folder: bubblewrap on Linux, seatbelt on macOS, or nothing at all. */
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { AuraError } from "@aura/core"
import { findProgram, hostPath } from "../host-program.mjs"
import type { Box } from "./box.ts"
import { toBubblewrap } from "./bubblewrap.ts"
import { toSeatbelt } from "./seatbelt.ts"
import { findToolFolders } from "./tool-folders.ts"

export type Sandbox =
  | { kind: "bubblewrap" | "seatbelt" }
  /** The user said in words that commands run without. */
  | { kind: "off" }
  /** None can be had; nothing is run without the user saying so. */
  | { kind: "missing"; reason: string }

export type Spawned = { file: string; args: string[]; env: Record<string, string>; cwd: string }

const probe = [
  "--unshare-user",
  "--unshare-pid",
  "--unshare-net",
  "--ro-bind",
  "/",
  "/",
  "--proc",
  "/proc",
  "true",
]

/** Looks once what this machine has. @param unsandboxed the user's word, AURA_UNSANDBOXED=1 */
export async function findSandbox(unsandboxed: boolean): Promise<Sandbox> {
  if (unsandboxed) return { kind: "off" }
  if (process.platform === "darwin" && existsSync("/usr/bin/sandbox-exec")) return { kind: "seatbelt" }
  if (process.platform !== "linux") {
    return missing(`${process.platform} has no sandbox that Aura knows`)
  }
  const { code, said } = await tryOut(findProgram("bwrap"), probe)
  if (code === 0) return { kind: "bubblewrap" }
  if (code === null) return missing("bubblewrap is not installed (apt-get install bubblewrap)")
  return missing(`bubblewrap does not work here (${said || `exit code ${code}`})`)
}

/** The surroundings of a command in a workspace, as this machine is. */
export function toBox(root: string, cwd: string, more: Pick<Box, "scratch" | "readable" | "network">): Box {
  const home = homedir()
  return { root, cwd, home, tools: findToolFolders(process.env.PATH ?? "", home, root), ...more }
}

/**
 * How a shell command is started in its box.
 * @throws AuraError `service_unavailable` where there is no sandbox
 */
export function toSpawned(
  sandbox: Sandbox,
  argv: readonly string[],
  box: Box,
  env: Record<string, string>,
): Spawned {
  const inside = { ...env, HOME: box.home, TMPDIR: "/tmp" }
  switch (sandbox.kind) {
    case "bubblewrap":
      return {
        file: findProgram("bwrap") ?? "/usr/bin/bwrap",
        args: [...toBubblewrap(box, existsSync), ...argv],
        env: inside,
        cwd: box.root,
      }
    case "seatbelt": {
      const tmp = { ...env, HOME: box.scratch.home, TMPDIR: box.scratch.tmp }
      return { file: "/usr/bin/sandbox-exec", args: ["-p", toSeatbelt(box), ...argv], env: tmp, cwd: box.cwd }
    }
    case "off":
      return { file: argv[0] ?? "", args: argv.slice(1), env, cwd: box.cwd }
    case "missing":
      throw new AuraError("service_unavailable", sandbox.reason)
  }
}

function missing(why: string): Sandbox {
  return {
    kind: "missing",
    reason: `Aura runs no command without a sandbox, and there is none: ${why}. To run commands unprotected all the same, start Aura with AURA_UNSANDBOXED=1.`,
  }
}

async function tryOut(
  file: string | undefined,
  args: readonly string[],
): Promise<{ code: number | null; said: string }> {
  if (!file) return { code: null, said: "" }
  return await new Promise((resolve) => {
    let said = ""
    const child = spawn(file, args, { stdio: ["ignore", "ignore", "pipe"], env: { PATH: hostPath() } })
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8")
    })
    child.on("error", () => resolve({ code: null, said: "" }))
    child.on("close", (code) => resolve({ code: code ?? 1, said: said.trim().split("\n")[0] ?? "" }))
  })
}
