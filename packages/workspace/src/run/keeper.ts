/**
 * The keeper: a small process that starts commands for the server. Small, because a fork costs by the size of what
 * is forked; a process of its own, because it sees the server die and then ends everything the server had started.
 */

import { findGroupParent, readOwnGroup } from "./cgroup.ts"
import { closeInherited } from "./inherited.ts"
import { type Order, type Report, readOrder } from "./orders.ts"
import { findLine } from "./output.ts"
import { runProcess } from "./process.ts"

const flushMs = 40
const maxUnsent = 64_000

// Before anything is started: a command that finds an open file of somebody else's can write to it.
closeInherited()

const groupParent = findGroupParent("/sys/fs/cgroup", readOwnGroup())
const running = new Map<number, AbortController>()

function tell(report: Report): void {
  if (process.connected) process.send?.(report)
}

process.on("message", (message) => {
  const order = readOrder(message)
  if (order?.type === "stop") running.get(order.id)?.abort()
  if (order?.type === "run") void run(order)
})

// The server is gone, however it went: nothing it started may outlive it.
process.on("disconnect", () => {
  for (const abort of running.values()) abort.abort("SIGKILL")
  if (running.size === 0) process.exit(0)
})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined)

async function run(order: Extract<Order, { type: "run" }>): Promise<void> {
  const abort = new AbortController()
  running.set(order.id, abort)
  let unsent = ""
  let left = 0
  const flush = () => {
    if (unsent !== "") tell({ type: "output", id: order.id, text: unsent, left })
    unsent = ""
    left = 0
  }
  const timer = setInterval(flush, flushMs)
  const result = await runProcess(
    { ...order, groupParent },
    {
      signal: abort.signal,
      onSize: (size) => tell({ type: "size", id: order.id, size }),
      // Live text is for eyes: of a flood only the newest is shown. The result holds head, tail and digest of all.
      onOutput(text) {
        unsent += text
        if (unsent.length <= maxUnsent) return
        // Never within a line: the rest of a secret is not known as one.
        const cut = findLine(unsent, unsent.length - maxUnsent) ?? unsent.length
        unsent = unsent.slice(cut)
        left += cut
      },
    },
  )
  clearInterval(timer)
  flush()
  running.delete(order.id)
  tell({ type: "ended", id: order.id, result })
  if (!process.connected && running.size === 0) process.exit(0)
}
