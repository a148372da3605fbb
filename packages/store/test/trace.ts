/** Reads what strace wrote: which logs were written, synced and removed, and when lines went to stdout. */

export type Trace = {
  /** Lines the program printed. */
  acks: number
  /** Those printed while a log held something that no sync had covered. */
  unsynced: string[]
  /** Log files written. */
  logs: number
  /** Syncs of log files. */
  syncs: number
}

type Call = { name: string; path: string; text: string }

/** For a program with one writer: at each line it prints, all it wrote before must be synced. */
export function readTrace(trace: string): Trace {
  const begun = new Map<string, Call & { cleanAtStart: boolean }>()
  const logs = new Map<string, "dirty" | "clean">()
  const unsynced: string[] = []
  let [acks, syncs] = [0, 0]

  for (const line of trace.split("\n")) {
    const [, pid = "", rest = ""] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    const resumed = rest.startsWith("<...")
    const call = resumed ? begun.get(pid) : parseCall(rest)
    if (!call) continue
    if (rest.endsWith("<unfinished ...>")) begun.set(pid, { ...call, cleanAtStart: true })
    if (call.name.includes("write") && call.path.endsWith(".log")) {
      logs.set(call.path, "dirty")
      // A sync that began before this write does not cover it.
      for (const other of begun.values()) if (other.path === call.path) other.cleanAtStart = false
    }
    if (rest.endsWith("<unfinished ...>")) continue
    const open = resumed ? begun.get(pid) : undefined
    begun.delete(pid)
    if (call.name === "fdatasync" && call.path.endsWith(".log")) {
      syncs++
      if (open?.cleanAtStart !== false) logs.set(call.path, "clean")
    }
    if (call.name.startsWith("unlink")) logs.set(call.path, "clean")
    if (call.name === "write" && call.path.startsWith("1<")) {
      acks++
      if ([...logs.values()].includes("dirty")) unsynced.push(line)
    }
  }
  return { acks, unsynced, logs: logs.size, syncs }
}

/** `write(1<pipe:[7]>, "1 1\n"…` is a call of write on `1<pipe:[7]`, of a file on its path. */
function parseCall(text: string): Call | undefined {
  const [, name = "", descriptor = "", target = ""] = /^(\w+)\((?:(\d+)<([^>]*)>)?/.exec(text) ?? []
  if (name === "") return undefined
  if (name.startsWith("unlink")) return { name, path: /"([^"]*)"/.exec(text)?.[1] ?? "", text }
  return { name, path: descriptor === "1" ? `1<${target}` : target, text }
}
