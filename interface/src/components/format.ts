/** Numbers, times and money as people read them. */

export function formatMoney(usd: number): string {
  if (usd > 0 && usd < 0.01) return "< $0.01"
  return `$${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
}

export function formatTokens(count: number): string {
  if (count < 1_000) return String(count)
  if (count < 999_500) return `${trimZero((count / 1_000).toFixed(count < 99_500 ? 1 : 0))}k`
  return `${trimZero((count / 1_000_000).toFixed(2))}M`
}

/** 840 ms, 4.2 s, 1 min 03 s, 2 h 05 min */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`
  return `${Math.floor(seconds / 3_600)} h ${pad(Math.floor((seconds % 3_600) / 60))} min`
}

/** A running clock: 0:07, 12:40, 1:02:09 */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const hours = Math.floor(seconds / 3_600)
  const minutes = Math.floor((seconds % 3_600) / 60)
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`
}

/** 840 B, 12 kB, 3.4 MB */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`
  return bytes < 999_500_000 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

/** The time of day; with the date when it was not today. */
export function formatTime(iso: string, now: Date = new Date()): string {
  const at = new Date(iso)
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false })
  if (at.toDateString() === now.toDateString()) return time
  return `${at.toLocaleDateString([], { month: "short", day: "numeric" })}, ${time}`
}

/** How long ago, roughly: now, 4 min ago, 3 h ago, yesterday's and older by date. */
export function formatAgo(iso: string, now: Date = new Date()): string {
  const minutes = Math.floor((now.getTime() - Date.parse(iso)) / 60_000)
  if (minutes < 1) return "now"
  if (minutes < 60) return `${minutes} min ago`
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`
  return new Date(iso).toLocaleDateString([], { month: "short", day: "numeric" })
}

export function formatPercent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** 1 task, 3 tasks */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`
}

export function shortHash(hash: string): string {
  return hash.slice(0, 7)
}

function pad(n: number): string {
  return String(n).padStart(2, "0")
}

function trimZero(text: string): string {
  return text.replace(/\.0+$/, "")
}
