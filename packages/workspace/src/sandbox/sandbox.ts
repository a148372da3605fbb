/** What keeps commands of the model inside their folder: bubblewrap on Linux, seatbelt on macOS, or nothing at all. */
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { homedir } from "node:os"
import { findProgram, hostPath } from "../host-program.mjs"
import type { Box } from "./box.ts"
import { asUser, setpriv, toBubblewrap } from "./bubblewrap.ts"
import { makeMountPoints } from "./mount-points.ts"
import { isRoot, reservedId, toEntry } from "./other-user.ts"
import { toSeatbelt } from "./seatbelt.ts"
import { findToolFolders } from "./tool-folders.ts"

export type Sandbox =
  | { kind: "bubblewrap" | "seatbelt" }
  /** The user disabled the sandbox explicitly. */
  | { kind: "off" }
  /** No sandbox is available; commands run only if the user disables it explicitly. */
  | { kind: "missing"; reason: string }

export type Spawned = {
  file: string
  args: string[]
  env: Record<string, string>
  cwd: string
  /** A file that is handed over open, as descriptor 3. */
  give?: string
}

/** Detects the sandbox of this machine. @param unsandboxed the user set AURA_UNSANDBOXED=1 */
export async function findSandbox(unsandboxed: boolean): Promise<Sandbox> {
  if (unsandboxed) return { kind: "off" }
  if (process.platform === "darwin" && existsSync("/usr/bin/sandbox-exec"))
    return isRoot()
      ? missing("on macOS Aura runs no command as root. Start Aura as an ordinary user")
      : { kind: "seatbelt" }
  if (process.platform !== "linux") {
    return missing(`${process.platform} has no sandbox that Aura knows`)
  }
  const bwrap = findProgram("bwrap")
  if (!bwrap) return missing("bubblewrap is not installed (apt-get install bubblewrap)")
  if (!isRoot()) return toFound(await tryOut(bwrap, ["--unshare-user", "--disable-userns", ...probe, "true"]))
  const perl = findProgram("perl")
  if (!perl || !existsSync(setpriv))
    return missing(
      "as root, Aura needs perl and setpriv to run commands as another user (apt-get install perl-base util-linux), or start Aura as an ordinary user",
    )
  const user = { uid: reservedId, gid: reservedId, mapped: [] }
  return toFound(await tryOut(perl, [...toEntry(user), bwrap, ...probe, ...asUser(user), "true"]))
}

/** Tests everything that `toBubblewrap` uses. */
const probe = "--unshare-pid --unshare-net --ro-bind / / --proc /proc --size 4096 --tmpfs /run --".split(" ")

function toFound({ code, said }: { code: number | null; said: string }): Sandbox {
  if (code === 0) return { kind: "bubblewrap" }
  const isOld = /Unknown option/.test(said)
  return missing(
    isOld
      ? "bubblewrap is older than 0.8, and lacks what Aura needs of it"
      : `bubblewrap does not work here (${said || `exit code ${code}`})`,
  )
}

/** The box of a command in a workspace on this machine. */
export function toBox(root: string, cwd: string, more: Omit<Box, "root" | "cwd" | "home" | "tools">): Box {
  const home = homedir()
  return { root, cwd, home, tools: findToolFolders(process.env.PATH ?? "", home, root), ...more }
}

/** How a command is started in its box. */
export function toSpawned(
  kind: "bubblewrap" | "seatbelt",
  argv: readonly string[],
  box: Box,
  env: Record<string, string>,
): Spawned {
  const inside = { ...env, HOME: box.home, TMPDIR: "/tmp" }
  switch (kind) {
    case "bubblewrap": {
      const bwrap = findProgram("bwrap") ?? "/usr/bin/bwrap"
      makeMountPoints(box)
      const args = [...toBubblewrap(box, existsSync), ...argv]
      const given = box.parts.filter === null ? {} : { give: box.parts.filter }
      if (!box.user) return { file: bwrap, args, env: inside, cwd: box.root, ...given }
      const entry = [...toEntry(box.user), bwrap, ...args]
      return { file: findProgram("perl") ?? "/usr/bin/perl", args: entry, env: inside, cwd: "/", ...given }
    }
    case "seatbelt": {
      const tmp = { ...env, HOME: box.scratch.home, TMPDIR: box.scratch.tmp }
      return { file: "/usr/bin/sandbox-exec", args: ["-p", toSeatbelt(box), ...argv], env: tmp, cwd: box.cwd }
    }
  }
}

function missing(why: string): Sandbox {
  return {
    kind: "missing",
    reason: `Aura runs no command without a sandbox, and there is none: ${why}. To run commands without protection, start Aura with AURA_UNSANDBOXED=1.`,
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
