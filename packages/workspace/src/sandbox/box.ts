/** What a command in a sandbox sees and reaches. */

/** All paths are absolute. */
export type Box = {
  /** The workspace: the only folder of the person that is writable. */
  root: string
  cwd: string
  /** Mounted where the workspace is; the workspace itself, except for checks. */
  files: string
  /** Other folders, and where they are mounted: inside the workspace or the home directory. */
  brought: readonly (readonly [source: string, path: string])[]
  /** Files of the workspace that are empty in the sandbox. */
  hidden: readonly string[]
  /** Files of the workspace that cannot be written. */
  frozen: readonly string[]
  /** True: the folders brought in are read-only. */
  isSealed: boolean
  /** Replace /tmp and the home directory; kept from one command to the next. */
  scratch: { tmp: string; home: string }
  /** The folder of long outputs; read-only. */
  readable: readonly string[]
  /** The user's own home directory, of which only tools are visible. */
  home: string
  /** Folders of tools outside the system's, such as those of a version manager. */
  tools: readonly string[]
  /** The repository's own files, which are read-only. */
  repository: readonly string[]
  /** Folders of the workspace that exist for the sandbox alone and are empty in it. */
  covered: readonly string[]
  /** True: the network of the machine; else only a loopback of its own. */
  network: boolean
  /** The user the command runs as when Aura runs as root; undefined: Aura's own user. */
  user: SandboxUser | undefined
  parts: SandboxParts
}

export type SandboxUser = {
  uid: number
  gid: number
  /** Folders owned by root that belong to this user in the sandbox. */
  mapped: readonly string[]
}

/** What Aura creates for its sandboxes, once at each start. */
export type SandboxParts = {
  /** Replaces /etc. */
  etc: string
  /** Folders of /etc that are mounted into it. */
  etcFolders: readonly string[]
  emptyFile: string
  emptyFolder: string
  /** The system-call filter as a file; null where there is none for this processor. */
  filter: string | null
}
