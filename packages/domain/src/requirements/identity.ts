/**
 * Which statement of a new version of a document is which requirement: an identity is kept through moves, typos and
 * rewording, and is never given to another statement. Pure.
 */
import type { IdentityDecision, LedgerEntry } from "@aura/core"

export type Candidate = { text: string; label?: string | undefined }

/**
 * @property change `reworded`: it says something else now, so earlier proof does not count
 * @property doubt set when it may be another one, for a person to decide: the requirement that a new statement may be a
 * rewording of, or its own id where it may be no rewording but new
 */
export type Match = { id: string; change: "none" | "typo" | "reworded" | "new"; doubt?: string }

/** Words that say nothing about what is wanted. */
const fillers = new Set(
  "a an and are as at be been by can could for from has have in into is it its may must of on or shall should so such that the their then there these they this those to user users was were when which will with would system program application app".split(
    " ",
  ),
)
/** Statements that have less in common are different ones. */
const minShare = 0.6
/** Below this a rewording may be another statement; and above `maybeShare` a new one may be a rewording. */
const sureShare = 0.75
const maybeShare = 0.4
/** Two that are so equally alike cannot be told apart by their words. */
const nearTie = 0.1

/**
 * @param decided what people said a statement is, by its words
 * @returns for each statement the requirement that it is
 */
export function identify(
  statements: readonly Candidate[],
  ledger: readonly LedgerEntry[],
  decided: readonly IdentityDecision[] = [],
): Match[] {
  const matches = new Map<number, Match>()
  const decisions = new Map(decided.map((one) => [toKey(one.text), one.is]))
  const isNew = (text: string) => decisions.get(toKey(text)) === "new"
  const taken = new Set<string>()
  const open = () => ledger.filter(({ id, closedIn }) => closedIn === undefined && !taken.has(id))
  const take = (at: number, id: string, change: Match["change"]) => {
    matches.set(at, { id, change })
    taken.add(id)
  }
  /** Each statement without a match yet, with the first entry that fits. */
  const match = (
    entries: () => readonly LedgerEntry[],
    fits: (one: Candidate, entry: LedgerEntry) => Match["change"] | false,
  ) => {
    for (const [at, one] of statements.entries()) {
      if (matches.has(at)) continue
      for (const entry of entries()) {
        if (taken.has(entry.id)) continue
        const change = fits(one, entry)
        if (change === false) continue
        take(at, entry.id, change)
        break
      }
    }
  }

  for (const [at, { text, label }] of statements.entries()) {
    if (!label || !/^R[1-9]\d*$/.test(label) || taken.has(label)) continue
    const entry = ledger.find(({ id }) => id === label)
    take(at, label, entry ? compare(entry.text, text) : "new")
  }
  for (const [at, { text }] of statements.entries()) {
    const is = decisions.get(toKey(text))
    const entry = ledger.find(({ id }) => id === is)
    if (entry && !matches.has(at) && !taken.has(entry.id)) take(at, entry.id, compare(entry.text, text))
  }
  const same = (one: Candidate, entry: LedgerEntry) =>
    toKey(one.text) === toKey(entry.text) ? "none" : false
  match(open, same)
  match(() => ledger.filter(({ closedIn }) => closedIn !== undefined), same)
  match(open, (one, entry) => (isTypo(entry.text, one.text) ? "typo" : false))
  match(open, (one, entry) => isNamed(one, entry) && compare(entry.text, one.text))
  const alike = rankAlike(statements, matches, open()).filter(({ at }) => !isNew(statements[at]?.text ?? ""))
  for (const pair of alike) {
    const { at, entry, share } = pair
    if (share < minShare || matches.has(at) || taken.has(entry.id)) continue
    const rival = alike.some(
      (other) =>
        other !== pair &&
        (other.at === at || other.entry === entry) &&
        !matches.has(other.at) &&
        !taken.has(other.entry.id) &&
        share - other.share < nearTie,
    )
    take(at, entry.id, "reworded")
    // A statement that only got longer or shorter is the same one.
    if (rival || (share < sureShare && !pair.isPart))
      matches.set(at, { id: entry.id, change: "reworded", doubt: entry.id })
  }
  const nearest = new Map<number, string>()
  for (const { at, entry } of alike)
    if (!matches.has(at) && !taken.has(entry.id) && !nearest.has(at)) nearest.set(at, entry.id)

  const used = new Set([...ledger.map(({ id }) => id), ...taken])
  let next = 1
  const fresh = () => {
    while (used.has(`R${next}`)) next++
    return `R${next++}`
  }
  return statements.map((_, at) => {
    const doubt = nearest.get(at)
    return matches.get(at) ?? { id: fresh(), change: "new", ...(doubt === undefined ? {} : { doubt }) }
  })
}

function compare(before: string, now: string): Match["change"] {
  if (toKey(before) === toKey(now)) return "none"
  return isTypo(before, now) ? "typo" : "reworded"
}

/** A label of the document's own names a statement; one of digits alone says where it stands. */
function isNamed({ label }: Candidate, entry: LedgerEntry): boolean {
  return label !== undefined && label === entry.label && /\p{L}/u.test(label)
}

/** The most alike first; of two that are equally alike, the one that stands nearer to its old place. */
function rankAlike(
  statements: readonly Candidate[],
  matches: ReadonlyMap<number, unknown>,
  entries: readonly LedgerEntry[],
): { at: number; entry: LedgerEntry; share: number; isPart: boolean }[] {
  const words = entries.map(({ text }) => toContent(text))
  const pairs = statements.flatMap(({ text }, at) => {
    if (matches.has(at)) return []
    const content = toContent(text)
    return entries.flatMap((entry, i) => {
      const share = toShare(content, words[i] ?? new Set())
      const isPart = isWithin(content, words[i]) || isWithin(words[i], content)
      return share >= maybeShare ? [{ at, entry, share, isPart, distance: Math.abs(at - i) }] : []
    })
  })
  return pairs.toSorted((a, b) => b.share - a.share || a.distance - b.distance)
}

function isWithin(a: ReadonlySet<string> = new Set(), b: ReadonlySet<string> = new Set()): boolean {
  return [...a].every((word) => b.has(word))
}

function toContent(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  const content = words.filter((word) => !fillers.has(word))
  return new Set(content.length > 0 ? content : words)
}

/** 0 to 1: how many words two statements share (Dice). */
function toShare(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((word) => b.has(word)).length
  return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size)
}

/** The same words with the same signs; only how they are set may differ: spaces, emphasis, quotes, the final stop. */
export function toKey(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[*_`"'“”„‘’«»]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/(?<![.;,])[.;,]+$/, "")
}

/**
 * True when only the spelling of words differs: letters swapped, doubled or missing inside a word, another vowel, or
 * another case. Numbers, signs and short words never count as spelling: they change what is asked for.
 */
export function isTypo(before: string, now: string): boolean {
  const [a, b] = [toWords(before), toWords(now)]
  if (a.length !== b.length) return false
  const differing = a.flatMap((word, i) => (word === b[i] ? [] : [[word, b[i] ?? ""] as const]))
  return (
    differing.length > 0 &&
    differing.length <= Math.max(2, a.length / 5) &&
    differing.every(([one, other]) => isMisspelt(one, other))
  )
}

function toWords(text: string): string[] {
  return toKey(text).split(" ")
}

const letters = /^\p{L}+$/u
const vowel = /^[aeiouy]$/

function isMisspelt(a: string, b: string): boolean {
  const [one, other] = [trimSigns(a), trimSigns(b)]
  if (one === other) return false
  if (one.toLowerCase() === other.toLowerCase()) return one.length > 3 && letters.test(one)
  if (Math.min(one.length, other.length) < 5 || !letters.test(one) || !letters.test(other)) return false
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (short[0] !== long[0]) return false
  if (long.length === short.length) return isSwap(short, long) || isVowelSlip(short, long)
  return long.length === short.length + 1 && isMissingLetter(short, long)
}

/** Signs at the end of a word belong to the sentence; those must be the same. */
function trimSigns(word: string): string {
  return word.replace(/[.,;:!?)]$/, "")
}

function isSwap(a: string, b: string): boolean {
  const at = firstDifference(a, b)
  return (
    a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2) && a[at] !== undefined
  )
}

function isVowelSlip(a: string, b: string): boolean {
  const at = firstDifference(a, b)
  return (
    a.length >= 7 &&
    at > 1 &&
    vowel.test(a[at] ?? "") &&
    vowel.test(b[at] ?? "") &&
    a.slice(at + 1) === b.slice(at + 1)
  )
}

/** Inside the word: a letter at the end makes another form of it. */
function isMissingLetter(short: string, long: string): boolean {
  const at = firstDifference(short, long)
  return at < short.length && short.slice(at) === long.slice(at + 1)
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}
