/** Custody of commands: the keeper starts each one in its sandbox, and none outlives the server. */
import { open as openFile } from "node:fs/promises"
import { homedir, totalmem } from "node:os"
import { join } from "node:path"
import { AuraError, createRedactor, type Redactor } from "@aura/core"
import { collect } from "../run/collect.ts"
import { type Started, startAtKeeper } from "../run/keeper-process.ts"
import type { Report } from "../run/orders.ts"
import type { Limits } from "../run/process.ts"
import { isRoot } from "../sandbox/other-user.ts"
import type { Sandbox } from "../sandbox/sandbox.ts"
import type { RunOptions, RunResult } from "../workspace.ts"
import { type CleanPlace, createBoxes } from "./boxes.ts"
import { createWatched, describeEnd, type Watched } from "./watched.ts"

export type Custody = {
  /**
   * Tests whether commands can run in a workspace.
   * @param root a real path
   * @throws AuraError `service_unavailable` when not, `conflict` for a `.git` that is not a repository of this folder
   */
  check(root: string): Promise<void>
  /**
   * Runs a shell command, see `Workspace.run`.
   * @param context absolute paths: the workspace, and the folder in it to run in
   */
  run(command: string, context: CommandContext, options: RunOptions): Promise<RunResult>
  /** The home directory of a workspace's commands: its path on the machine, and inside the sandbox. */
  homeOf(root: string): Promise<{ own: string; shown: string }>
  /** The commands that are running for a project. A command's processes end with it, so this list is complete. */
  list(projectId: string): RunningCommand[]
  /** A command that runs or has just ended. @throws AuraError `not_found` */
  find(id: string): Found
  /** Part of a stored output, from a byte offset. @throws AuraError `not_found` */
  readOutput(root: string, name: string, from: number): Promise<OutputPart>
  /** Ends all running commands. */
  close(): void
}

export type CommandContext = {
  root: string
  cwd: string
  /** The project it runs for; commands without one are not listed. */
  projectId?: string
  /** True: these are Aura's own commands, such as those of the rehearsal, and may run without a sandbox if none is available. */
  isOwn?: boolean
  /** Run on other files, which replace those of the workspace. */
  clean?: CleanPlace
}

export type RunningCommand = {
  id: string
  command: string
  /** A command of the agent, or a check of Aura. */
  by: "agent" | "check"
  /** Milliseconds since 1970. */
  startedAt: number
  memoryBytes: number
  /** Names of its processes, at most 20, and how many there are. */
  processes: string[]
  processCount: number
}

export type Found = { running: RunningCommand; watched: Watched }

export type OutputPart = { text: string; from: number; bytes: number }

export type CustodyOptions = {
  sandbox: Sandbox
  /** Where scratch folders and long outputs are kept, one for each workspace. */
  dataDir: string
  limits?: Partial<Omit<Limits, "timeoutMs">>
  /** Removes secrets from what viewers see. */
  redactor?: Pick<Redactor, "text" | "settled">
  /** Called when the result of `list` changes for a project. */
  onChange?: (projectId: string) => void
}

type Waiting = Found & { projectId: string | undefined; started?: Started }

const partBytes = 256 * 1024
/** The number of finished commands that can still be viewed. */
const maxEnded = 8

/**
 * Limits that apply from the first instruction, and a hint to the kernel: when memory runs out, kill this first,
 * not Aura. The option for the process limit is -u or -p, depending on the shell. Then the command replaces the shell.
 */
const prelude =
  '{ echo 800 > /proc/self/oom_score_adj; ulimit -c 0; ulimit -u 4096 || ulimit -p 4096; ulimit -f 41943040; } 2>/dev/null; exec /bin/sh -c "$1"'

export function createCustody(options: CustodyOptions): Custody {
  const { sandbox, dataDir, limits, redactor = createRedactor(), onChange = () => undefined } = options
  let lastId = 0
  const begunAt = Date.now().toString(36)
  const waiting = new Map<string, Waiting>()
  const ended = new Map<string, Found>()
  const boxes = createBoxes(sandbox, dataDir)

  const custody: Custody = {
    async check(root) {
      if (sandbox.kind !== "bubblewrap" || !isRoot()) return
      const signal = new AbortController().signal
      const { exitCode, output } = await custody.run(
        "true",
        { root, cwd: root },
        { timeoutMs: 60_000, signal },
      )
      if (exitCode === cannotEnter)
        throw new AuraError(
          "service_unavailable",
          `${output.trim()} Aura runs as root and runs no command as root. Give the folder to a user (chown -R USER ${root}), or start Aura as an ordinary user.`,
        )
    },
    async run(command, { root, cwd, projectId, isOwn = false, clean }, options) {
      const { by = "agent", onOutput, network = { kind: "none" }, lends, collects } = options
      const shell = ["/bin/sh", "-c", prelude, "sh", command]
      const surroundings = { root, cwd, isOwn, network, clean, lends }
      return await boxes.with(shell, surroundings, async (spawned, { outputs }, tmp) => {
        await options.onBegin?.()
        const name = `${begunAt}-${++lastId}`
        const isSealed = clean?.isSealed === true
        const running = {
          id: name,
          command: isSealed ? "a held-out check" : command,
          by,
          startedAt: Date.now(),
          memoryBytes: 0,
          processes: [],
          processCount: 1,
        }
        const found: Waiting = { running, watched: createWatched(redactor), projectId }
        waiting.set(name, found)
        if (projectId) onChange(projectId)
        const stop = () => found.started?.stop("SIGTERM")
        const result = await new Promise<RunResult>((resolve) => {
          const order = {
            type: "run",
            ...spawned,
            ...(collects && { env: { ...spawned.env, AURA_LEAVE: tmp.shown } }),
            limits: { ...usualLimits(), ...limits, timeoutMs: options.timeoutMs },
            ...(isSealed ? {} : { keepIn: join(outputs, `${name}.log`) }),
          } as const
          found.started = startAtKeeper(order, {
            onReport(report) {
              if (report.type === "ended") resolve(report.result)
              else follow(found, report, { isSealed, onOutput })
            },
            onLost: () => resolve(lost),
          })
          options.signal.addEventListener("abort", stop, { once: true })
          if (options.signal.aborted) stop()
        })
        options.signal.removeEventListener("abort", stop)
        waiting.delete(name)
        const collected = collects && (await collect(tmp.own, collects))
        const whole = { ...result, aborted: options.signal.aborted, ...(collected && { collected }) }
        ended.set(name, found)
        for (const old of [...ended.keys()].slice(0, -maxEnded)) ended.delete(old)
        found.watched.end(describeEnd(whole, options.timeoutMs))
        if (projectId) onChange(projectId)
        return whole
      })
    },
    homeOf: async (root) => ({ own: (await boxes.foldersOf(root)).scratch.home, shown: homedir() }),
    list: (projectId) =>
      [...waiting.values()].flatMap((one) => (one.projectId === projectId ? [one.running] : [])),
    find(id) {
      const found = ended.get(id) ?? waiting.get(id)
      if (!found)
        throw new AuraError("not_found", "That command has ended. What it printed is in its session.")
      return found
    },
    async readOutput(root, name, from) {
      const unknown = new AuraError("not_found", "That output is not kept, or not any more.")
      if (!/^[\w-]+\.log$/.test(name)) throw unknown
      const { outputs } = await boxes.foldersOf(root)
      const file = await openFile(join(outputs, name)).catch(() => {
        throw unknown
      })
      try {
        const { size } = await file.stat()
        const { buffer, bytesRead } = await file.read(Buffer.alloc(partBytes), 0, partBytes, from)
        return { text: buffer.subarray(0, bytesRead).toString("utf8"), from, bytes: size }
      } finally {
        await file.close()
      }
    },
    close() {
      for (const { started } of waiting.values()) started?.stop("SIGKILL")
    },
  }
  return custody
}

/** Passes output and memory use on to viewers; the output of a sealed command goes to nobody. */
function follow(
  found: Waiting,
  report: Report,
  { isSealed, onOutput }: { isSealed: boolean; onOutput: RunOptions["onOutput"] },
): void {
  if (report.type === "output") {
    if (!isSealed) found.watched.add(report.text, report.left)
    onOutput?.(report.text)
  }
  if (report.type === "size") {
    const { bytes, count, names } = report.size
    found.running = { ...found.running, memoryBytes: bytes, processes: names, processCount: count }
  }
}

/** The exit code of `enter.pl` when it fails. */
const cannotEnter = 125

function usualLimits(): Omit<Limits, "timeoutMs"> {
  return { memoryBytes: Math.round(totalmem() / 2), processes: 1000 }
}

const lost: RunResult = {
  exitCode: null,
  aborted: false,
  output: "The process that keeps commands was ended, and this command with it.",
  outputDigest: "",
  durationMs: 0,
}
