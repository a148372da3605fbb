/** A box as a profile of macOS's sandbox-exec. */
import { join } from "node:path"
import type { Box } from "./box.ts"

export function toSeatbelt(box: Box): string {
  const inside = (paths: readonly string[]) => paths.map((path) => `(subpath ${quote(path)})`).join(" ")
  const sources = box.brought.map(([source]) => source)
  const writable = [box.files, ...(box.isSealed ? [] : sources), box.scratch.tmp, box.scratch.home]
  return [
    "(version 1)",
    "(allow default)",
    "(deny file-write*)",
    `(allow file-write* ${inside(writable)} (literal "/dev/null") (literal "/dev/tty"))`,
    `(deny file-write* ${inside([join(box.root, ".git"), join(box.files, ".git")])})`,
    `(deny file-read* ${inside([box.home, "/Volumes", "/private/var/root"])})`,
    `(allow file-read* ${inside([...writable, ...sources, ...box.readable, ...box.tools])})`,
    // Folders on the way to what may be read, by name alone.
    `(allow file-read-metadata (subpath ${quote(box.home)}))`,
    ...(box.network
      ? []
      : [
          "(deny network*)",
          '(allow network* (local ip "localhost:*"))',
          '(allow network-outbound (remote ip "localhost:*"))',
        ]),
    "(deny process-info* (target others))",
    '(deny mach-lookup (global-name-prefix "com.apple.securityd"))',
  ].join("\n")
}

function quote(path: string): string {
  return `"${path.replace(/[\\"]/g, "\\$&")}"`
}
