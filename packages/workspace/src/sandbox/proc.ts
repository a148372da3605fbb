/** What a sandboxed command sees of /proc, beside the folders of its own processes. */
import { readdirSync, statSync } from "node:fs"

/** What builds, tests and language runtimes read: size and load of the machine. All of it is read-only. */
const visible = new Set([
  "cgroups",
  "cmdline",
  "cpuinfo",
  "diskstats",
  "filesystems",
  "loadavg",
  "meminfo",
  "stat",
  "swaps",
  "sys",
  "uptime",
  "version",
  "vmstat",
])
/** Links to the folders of the command's own processes. */
const links = new Set(["mounts", "net", "self", "thread-self"])

/** @returns what has to be covered by something empty */
export function findHiddenInProc(): { files: string[]; folders: string[] } {
  const names = readdirSync("/proc").filter(
    (name) => !/^\d+$/.test(name) && !visible.has(name) && !links.has(name),
  )
  const isFolder = (name: string) => statSync(`/proc/${name}`, { throwIfNoEntry: false })?.isDirectory()
  const paths = (wanted: boolean) =>
    names.filter((name) => isFolder(name) === wanted).map((name) => `/proc/${name}`)
  return { files: paths(false), folders: paths(true) }
}
