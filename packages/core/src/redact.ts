/** Takes secrets out of text before it is stored, shown, logged or sent: values known to be secret, and what looks like a key. */

export const removed = "[secret removed]"

export type Redactor = {
  /** Text without known secrets and without anything of a key's form. */
  text(text: string): string
  /** The same for every string in a value; keys and shape stay. */
  value<T>(value: T): T
  /** Text without known secrets alone: what only looks like a key stays. */
  known(text: string): string
  /** For text that goes on: up to here it is settled, what follows may be the beginning of a secret. */
  settled(text: string): number
  /** From now on this value is a secret, as it is, in base64, in hex and URL-encoded. */
  learn(secret: string | null | undefined): void
}

type Range = { index: number; length: number }

/** Key formats that are told by their looks; each is too particular to be anything else. */
const patterns = [
  /\bsk-ant-[\w-]{20,}/g,
  /\bsk-(?:proj|svcacct|admin)-[\w-]{20,}/g,
  /\bsk-[A-Za-z0-9]{32,}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{40,})/g,
  /\bglpat-[\w-]{20,}/g,
  /\bxox[abposr]-[\w-]{10,}/g,
  /\bAIza[\w-]{35}/g,
  /\bya29\.[\w-]{20,}/g,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\bpypi-[\w-]{50,}/g,
  /\bSG\.[\w-]{20,}\.[\w-]{20,}/g,
  /\bhf_[A-Za-z0-9]{30,}/g,
] as const

/** Each finds its keys from left to right, in time linear in the text. */
const formats: readonly ((text: string) => Range[])[] = [
  ...patterns.map((pattern) => (text: string) => toRanges(text, pattern)),
  findJwts,
  findPrivateKeys,
]

function toRanges(text: string, pattern: RegExp): Range[] {
  return [...text.matchAll(pattern)].map(({ index, 0: { length } }) => ({ index, length }))
}

/** Tokens of three parts. Found by the middle one: a pattern that begins with the first may have to begin again often. */
function findJwts(text: string): Range[] {
  const ranges: Range[] = []
  let from = 0
  for (const { index, 0: middle } of text.matchAll(/\.eyJ[\w-]{10,}(?=\.[\w-]{20})/g)) {
    let start = index
    while (start > from && isKeySign(text.charCodeAt(start - 1))) start--
    const at = text.slice(start, index).search(/\beyJ[\w-]{10}/)
    if (at < 0) continue
    let end = index + middle.length + 1
    while (end < text.length && isKeySign(text.charCodeAt(end))) end++
    ranges.push({ index: start + at, length: end - start - at })
    from = end
  }
  return ranges
}

/** True for a letter, a digit, `_` and `-`. */
function isKeySign(code: number): boolean {
  const isDigit = code >= 48 && code <= 57
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
  return isDigit || isLetter || code === 95 || code === 45
}

/** From the first line of each to its last one; without a last one, to the end of the text. */
function findPrivateKeys(text: string): Range[] {
  const ranges: Range[] = []
  const head = /-----BEGIN [A-Z ]*PRIVATE KEY-----/g
  const foot = /-----END [A-Z ]*PRIVATE KEY-----/g
  for (let found = head.exec(text); found; found = head.exec(text)) {
    foot.lastIndex = head.lastIndex
    const end = foot.exec(text) ? foot.lastIndex : text.length
    ranges.push({ index: found.index, length: end - found.index })
    head.lastIndex = end
  }
  return ranges
}

function removeRanges(text: string, ranges: readonly Range[]): string {
  const parts: string[] = []
  let from = 0
  for (const { index, length } of ranges) {
    parts.push(text.slice(from, index), removed)
    from = index + length
  }
  return from === 0 ? text : parts.join("") + text.slice(from)
}

/** How they begin, at the beginning of a word, for text that comes in pieces. */
const beginnings = (
  "sk- AKIA ASIA ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xox AIza ya29. " +
  "sk_live_ sk_test_ rk_live_ rk_test_ npm_ pypi- SG. hf_ eyJ"
).split(" ")
const beginning = new RegExp(`\\b(?:${beginnings.map(toPattern).join("|")})`)
const keyBegins = "-----BEGIN "
const openKey = /^-----BEGIN [A-Z ]*(?:-{0,5}$|PRIVATE KEY-----(?![\s\S]*-----END [A-Z ]*PRIVATE KEY-----))/
/** Longer than any of them: what waited for so long was none. */
const maxHeld = 16_384

/** Shorter ones would be found in ordinary text. */
const minLength = 8

export function createRedactor(secrets: readonly (string | null)[] = []): Redactor {
  const forms = new Set<string>()
  let pattern: RegExp | undefined
  const known = (text: string) => (pattern ? text.replace(pattern, removed) : text)
  const all = (text: string) => formats.reduce((left, find) => removeRanges(left, find(left)), known(text))
  const learn = (secret: string | null | undefined) => {
    if (!secret || secret.length < minLength) return
    for (const form of toForms(secret)) forms.add(form)
    const longestFirst = [...forms].toSorted((a, b) => b.length - a.length)
    pattern = new RegExp(longestFirst.map(toPattern).join("|"), "g")
  }
  for (const secret of secrets) learn(secret)
  const settled = (text: string) => {
    const gone = Math.max(0, text.length - maxHeld)
    const last = text.slice(gone)
    const words = [...forms, keyBegins].map((word) => last.length - overlap(last, word))
    const open = Math.min(...words, findOpenWord(last), findOpenKey(last))
    if (open === last.length) return text.length
    // What is whole may end with what begins another: it is not cut there.
    const whole = [...(pattern ? toRanges(last, pattern) : []), ...formats.flatMap((find) => find(last))]
    const cut = whole.filter(({ index, length }) => index < open && index + length > open)
    const end = Math.min(open, ...cut.map(({ index }) => index))
    return end === 0 && gone > 0 ? text.length : gone + end
  }
  return { text: all, value: (value) => mapStrings(value, all), known, settled, learn }
}

/** How many characters at the end of a text are the beginning of a word, and not all of it. */
function overlap(text: string, word: string): number {
  const tail = text.slice(Math.max(0, text.length - word.length + 1))
  const borders = toBorders(word)
  let length = 0
  for (let i = 0; i < tail.length; i++) {
    while (length > 0 && word[length] !== tail[i]) length = borders[length - 1] ?? 0
    if (word[length] === tail[i]) length++
  }
  return length
}

/** For each beginning of a word, how long its longest end is that the word begins with: the table of Knuth, Morris and Pratt. */
function toBorders(word: string): number[] {
  const borders = [0]
  let length = 0
  for (let i = 1; i < word.length; i++) {
    while (length > 0 && word[length] !== word[i]) length = borders[length - 1] ?? 0
    if (word[length] === word[i]) length++
    borders.push(length)
  }
  return borders
}

/** Where something of a key's form has begun that the next letter would belong to. */
function findOpenWord(text: string): number {
  let start = text.length
  while (start > 0 && /[\w.-]/.test(text.charAt(start - 1))) start--
  const word = text.slice(start)
  const whole = word.search(beginning)
  if (whole >= 0) return start + whole
  const begun = beginnings.map((each) => overlap(word, each)).filter((length) => isWordStart(word, length))
  return text.length - Math.max(0, ...begun)
}

function isWordStart(word: string, fromEnd: number): boolean {
  return !/\w/.test(word.at(-fromEnd - 1) ?? "")
}

function findOpenKey(text: string): number {
  const at = text.lastIndexOf(keyBegins)
  return at >= 0 && openKey.test(text.slice(at)) ? at : text.length
}

/** Every string in a value, changed. */
export function mapStrings<T>(value: T, change: (text: string) => string): T
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value)
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]))
}

/** The ways a secret is usually written. In longer base64 it stands in one of three alignments. */
function toForms(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret)
  const aligned = [0, 1, 2].flatMap((before) => {
    const text = toBase64(new Uint8Array([...new Uint8Array(before), ...bytes]))
    // The first letters hold what stands before the secret, the last ones what follows it.
    const inner = text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3))
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")]
  })
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
  return [secret, encodeURIComponent(secret), hex, hex.toUpperCase(), ...aligned]
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

function toPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&")
}

const envFile = /^\.env(\.(?!example$|sample$|template$|dist$).+)?$|^\.envrc$/i
const loginFile = /^(\.netrc|_netrc|\.npmrc|\.pypirc|\.pgpass|\.git-credentials|\.dockercfg|credentials)$/i
export const keyFile = /^id_(rsa|dsa|ecdsa|ed25519)$|\.(pem|key|p12|pfx|jks|keystore)$/i

/** True for files that exist to hold secrets. */
export function isSecretFile(path: string): boolean {
  const name = toName(path)
  return envFile.test(name) || loginFile.test(name) || keyFile.test(name)
}

/** The text of a file; of one that holds secrets the names stay and the values go. */
export function maskFile(path: string, text: string): string {
  if (!isSecretFile(path)) return text
  const mask = keyFile.test(toName(path)) ? maskKeyLine : maskLine
  return text.split("\n").map(mask).join("\n")
}

export function toName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? ""
}

function maskKeyLine(line: string): string {
  return /^\s*($|-----(BEGIN|END))/.test(line) ? line : removed
}

/** A value after `=`, `:` or a blank goes; comments and headings stay. */
function maskLine(line: string): string {
  if (/^\s*($|#|;|\[)/.test(line)) return line
  const start = findValue(line)
  if (start !== undefined) return start === line.length ? line : line.slice(0, start) + removed
  const words = /^\s*(machine|login|default)\b/.exec(line)?.[1]
  return words ? `${words} ${removed}` : removed
}

/** Where the value begins that is given to a name, with `=` or `:`; undefined in a line without one. */
export function findValue(line: string): number | undefined {
  const start = /^\s*(?:export\s+)?/.exec(line)?.[0].length ?? 0
  const isNamed = (at: number) => at > start && isKeySign(line.charCodeAt(at - 1))
  let end = start
  while (end < line.length && /[\w.@/:-]/.test(line.charAt(end)) && !(line[end] === ":" && isNamed(end)))
    end++
  let sign = end
  while (/\s/.test(line.charAt(sign))) sign++
  if (!isNamed(end) || (line[sign] !== "=" && line[sign] !== ":")) return undefined
  let value = sign + 1
  while (/\s/.test(line.charAt(value))) value++
  return value
}
