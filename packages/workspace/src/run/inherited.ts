/** File descriptors that this process inherited and that its children would inherit too. Linux only. */
import { closeSync, readdirSync, readFileSync } from "node:fs"

/** O_CLOEXEC, in the octal `flags` of /proc/self/fdinfo. */
const closesOnExec = 0o2000000

/** Closes them, except for the standard three. Descriptors opened by Node, including its channel, close on exec. */
export function closeInherited(): void {
  if (process.platform !== "linux") return
  for (const name of readdirSync("/proc/self/fdinfo")) {
    const descriptor = Number(name)
    if (descriptor > 2 && isInherited(name)) closeSync(descriptor)
  }
}

function isInherited(name: string): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, "utf8"))?.[1]
    return flags !== undefined && (Number.parseInt(flags, 8) & closesOnExec) === 0
  } catch {
    // The descriptor of the directory listing itself is already closed.
    return false
  }
}
