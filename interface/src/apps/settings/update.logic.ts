/** What is said about a newer Aura. Pure. */
import type { UpdateStatus } from "@aura/core"

export function describeUpdate(status: UpdateStatus): string {
  const { state, newer, reason } = status
  switch (state) {
    case "checking":
      return "Looking for a newer version…"
    case "downloading":
      return `Version ${newer} is being fetched: ${toPercent(status)} %.`
    case "ready":
      return `Version ${newer} is here. It is installed when you say so and no agent is at work.`
    case "installing":
      return `Version ${newer} is being installed…`
    case "installed":
      return `Version ${newer} is installed. Start Aura again to use it.`
    case "failed":
      return reason ?? "It did not work."
    default:
      return newer ? `There is version ${newer}. ${reason ?? ""}`.trim() : `${status.version} is the newest.`
  }
}

function toPercent({ bytes, size }: UpdateStatus): number {
  return size ? Math.floor((bytes / size) * 100) : 0
}
