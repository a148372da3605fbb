/** What a command in a sandbox sees and reaches. */

/** All paths are absolute. */
export type Box = {
  /** The workspace: the one folder that can be written. */
  root: string
  cwd: string
  /** Two folders that stand for /tmp and the home directory, kept from one command to the next. */
  scratch: { tmp: string; home: string }
  /** Read-only besides the system: what long outputs were kept in. */
  readable: readonly string[]
  /** Where the user's own home is: nothing of it is seen but its tools. */
  home: string
  /** Folders of tools that lie outside the system's, such as a version manager's. */
  tools: readonly string[]
  /** True: the network of the machine; else only a loopback of its own. */
  network: boolean
}
