/** The seam of the workspace: the folder an agent's tools act on. */
import { basename } from "node:path"
import type { Search } from "./search.ts"

/** What a command may reach of the network, beside its own loopback. */
export type Network = { kind: "none" } | { kind: "hosts"; hosts: readonly string[] } | { kind: "all" }

export type RunOptions = {
  /** Relative to the workspace; its root by default. */
  dir?: string
  timeoutMs: number
  signal: AbortSignal
  /** What it may reach; nothing by default. */
  network?: Network
  /** Whose it is, for people who watch; the agent's by default. */
  by?: "agent" | "check"
  /** Absolute files of Aura's own that it can read. */
  lends?: readonly string[]
  /** Names of files that it leaves in the folder of $AURA_LEAVE, to be given back. */
  collects?: readonly string[]
  onOutput?: (text: string) => void
  /** Called right before the command starts, once nothing else can keep it from starting; it waits for it. */
  onBegin?: () => Promise<void>
}

/** All of an output that was too long to be shown whole. */
export type KeptOutput = {
  /** Absolute; commands in the workspace can read it. */
  path: string
  bytes: number
  /** False when it was cut at the limit of such a file. */
  isWhole: boolean
}

export type RunResult = {
  /** null when a signal or a limit ended it. */
  exitCode: number | null
  /** The limit it went over, and was ended for. */
  over?: "time" | "memory" | "processes"
  aborted: boolean
  /** Head and tail of what it printed, stdout and stderr as they came. */
  output: string
  /** sha256 of all it printed, hex. */
  outputDigest: string
  durationMs: number
  kept?: KeptOutput
  /** Those of `collects` that it left. */
  collected?: ReadonlyMap<string, Uint8Array>
}

/** As rows name it. */
export function toKept({ path, bytes }: KeptOutput): { name: string; bytes: number } {
  return { name: basename(path), bytes }
}

/** For the model and for people: which limit a command was ended for. */
export function describeOver(over: NonNullable<RunResult["over"]>, timeoutMs: number): string {
  switch (over) {
    case "time":
      return `Ended after its time limit of ${Math.round(timeoutMs / 1000)} s.`
    case "memory":
      return "Ended, because its processes together took more memory than a command may have."
    case "processes":
      return "Ended, because it started more processes than a command may have."
  }
}

export type FolderEntry = {
  name: string
  path: string
  kind: "file" | "folder" | "link" | "other"
  bytes: number
}

/** Paths are relative to the root, with forward slashes; one that leads outside is refused with an AuraError. */
export interface Workspace {
  readonly root: string
  /** @throws AuraError `not_found`, or `bad_request` for a folder, a binary or a file over 10 MB */
  read(path: string): Promise<string>
  /** @throws AuraError `not_found`, or `bad_request` for a folder or a file over 10 MB */
  readBytes(path: string): Promise<Uint8Array>
  exists(path: string): Promise<boolean>
  /**
   * Makes the folders on the way.
   * @param allow is shown the text that would be written over, undefined for none; what it throws keeps that text
   */
  write(
    path: string,
    content: string,
    allow?: (now: string | undefined) => void | Promise<void>,
  ): Promise<void>
  remove(path: string): Promise<void>
  /** Gives a file or folder another path. @throws AuraError `conflict` when something is there */
  move(path: string, to: string): Promise<void>
  /** One folder, sorted by name, `.git` left out. */
  list(path: string): Promise<FolderEntry[]>
  /**
   * Runs a shell command in its sandbox, with a clean environment, closed stdin and limits. Never throws for a bad exit.
   * @throws AuraError `service_unavailable` where there is no sandbox to run it in
   */
  run(command: string, options: RunOptions): Promise<RunResult>
  readonly search: Search
}
