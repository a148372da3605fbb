/** What a command in a sandbox sees and reaches. */

/** All paths are absolute. */
export type Box = {
  /** The workspace: the one folder of the person's that can be written. */
  root: string
  cwd: string
  /** Stands in the place of the workspace; the workspace itself, but for checks. */
  files: string
  /** Other folders, and where they are seen; inside the workspace or the home directory. */
  brought: readonly (readonly [source: string, path: string])[]
  /** Files of the workspace that are empty in the sandbox. */
  hidden: readonly string[]
  /** Files of the workspace that cannot be written. */
  frozen: readonly string[]
  /** True: what is brought cannot be written. */
  isSealed: boolean
  /** Folders that stand for /tmp and the home directory, kept from one command to the next. */
  scratch: { tmp: string; home: string }
  /** Read-only besides the system: what long outputs were kept in. */
  readable: readonly string[]
  /** Where the user's own home is: nothing of it is seen but its tools. */
  home: string
  /** Folders of tools that lie outside the system's, such as a version manager's. */
  tools: readonly string[]
  /** The repository's own files, which are read-only. */
  repository: readonly string[]
  /** Folders of the workspace that exist for the sandbox alone and are empty in it. */
  covered: readonly string[]
  /** True: the network of the machine; else only a loopback of its own. */
  network: boolean
  /** Whom the command runs as where Aura runs as root; undefined: as Aura's own user. */
  user: SandboxUser | undefined
  parts: SandboxParts
}

export type SandboxUser = {
  uid: number
  gid: number
  /** Folders of root's that are this user's in the sandbox. */
  mapped: readonly string[]
}

/** What Aura makes for its sandboxes, once for each start. */
export type SandboxParts = {
  /** Stands for /etc. */
  etc: string
  /** Folders of /etc that are mounted into it. */
  etcFolders: readonly string[]
  emptyFile: string
  emptyFolder: string
  /** The system-call filter as a file; null where there is none for this processor. */
  filter: string | null
}
