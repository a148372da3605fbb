/** Opaque, prefixed, time-sortable ids such as `task_01JD…`; clock and randomness come from the caller. */

const prefixes = {
  project: "prj",
  document: "doc",
  spec: "spec",
  task: "task",
  agent: "agent",
  instance: "inst",
  session: "ses",
  entry: "ent",
  comment: "cmt",
  ask: "ask",
  snapshot: "snap",
  waiver: "waiv",
  heldOut: "held",
  productProof: "proof",
  loop: "loop",
  plan: "plan",
  user: "user",
  login: "login",
  terminal: "term",
} as const

export type IdKind = keyof typeof prefixes
export type NewId = (kind: IdKind) => string

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/**
 * Makes an id maker. Ids made in one millisecond keep their order: the random tail is counted up.
 * @param now milliseconds since 1970
 * @param random a number in [0, 1)
 */
export function createIds(now: () => number, random: () => number): NewId {
  let lastMs = -1
  let tail: number[] = []
  return (kind) => {
    const ms = Math.max(now(), lastMs)
    if (ms === lastMs) countUp(tail)
    else tail = Array.from({ length: 12 }, () => Math.floor(random() * 32))
    lastMs = ms
    return `${prefixes[kind]}_${encodeTime(ms)}${tail.map((digit) => alphabet[digit]).join("")}`
  }
}

function encodeTime(ms: number): string {
  let text = ""
  let rest = ms
  for (let i = 0; i < 10; i++) {
    text = `${alphabet[rest % 32]}${text}`
    rest = Math.floor(rest / 32)
  }
  return text
}

function countUp(digits: number[]): void {
  for (let i = digits.length - 1; i >= 0; i--) {
    const next = (digits[i] ?? 0) + 1
    digits[i] = next % 32
    if (next < 32) return
  }
}
