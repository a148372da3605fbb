/** The seam of the workspace: the folder an agent's tools act on. */

export type RunOptions = {
  /** Relative to the workspace; its root unless told. */
  dir?: string
  timeoutMs: number
  signal: AbortSignal
  onOutput?: (text: string) => void
}

export type RunResult = {
  /** null when a signal or the time limit ended it. */
  exitCode: number | null
  timedOut: boolean
  aborted: boolean
  /** Head and tail of what it printed, stdout and stderr as they came. */
  output: string
  /** sha256 of all it printed, hex. */
  outputDigest: string
  durationMs: number
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
  exists(path: string): Promise<boolean>
  /** Makes the folders on the way. */
  write(path: string, content: string): Promise<void>
  remove(path: string): Promise<void>
  /** One folder, sorted by name, `.git` left out. */
  list(path: string): Promise<FolderEntry[]>
  /** Runs a shell command in a process group of its own with a clean environment. Never throws for a bad exit. */
  run(command: string, options: RunOptions): Promise<RunResult>
}
