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

/** Key formats that are told by their looks; each is too particular to be anything else. */
const formats = [
  /\bsk-ant-[\w-]{20,}/g,
  /\bsk-(?:(?:proj|svcacct|admin)-[\w-]{20,}|[A-Za-z0-9]{32,})/g,
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
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
] as const

/** How they begin, at the beginning of a word, for text that comes in pieces. */
const beginnings = (
  "sk- AKIA ASIA ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xox AIza ya29. " +
  "sk_live_ sk_test_ rk_live_ rk_test_ npm_ pypi- SG. hf_ eyJ"
).split(" ")
const beginning = new RegExp(`\\b(?:${beginnings.map(toPattern).join("|")})`)
const keyBegins = "-----BEGIN "
const openKey = /^-----BEGIN [A-Z ]*(?:-{0,5}$|PRIVATE KEY-----(?![\s\S]*-----END [A-Z ]*PRIVATE KEY-----))/
/** Longer than any of them: what waited for so long was none. */
const mostHeld = 16_384

/** Shorter ones would be found in ordinary text. */
const leastLength = 8

export function createRedactor(secrets: readonly (string | null)[] = []): Redactor {
  const forms = new Set<string>()
  let pattern: RegExp | undefined
  const known = (text: string) => (pattern ? text.replace(pattern, removed) : text)
  const all = (text: string) => formats.reduce((left, format) => left.replace(format, removed), known(text))
  const learn = (secret: string | null | undefined) => {
    if (!secret || secret.length < leastLength) return
    for (const form of toForms(secret)) forms.add(form)
    const longestFirst = [...forms].toSorted((a, b) => b.length - a.length)
    pattern = new RegExp(longestFirst.map(toPattern).join("|"), "g")
  }
  for (const secret of secrets) learn(secret)
  const settled = (text: string) => {
    const gone = Math.max(0, text.length - mostHeld)
    const last = text.slice(gone)
    const words = [...forms, keyBegins].map((word) => last.length - overlap(last, word))
    const open = Math.min(...words, findOpenWord(last), findOpenKey(last))
    if (open === last.length) return text.length
    // What is whole may end with what begins another: it is not cut there.
    const whole = [...(pattern ? [pattern] : []), ...formats].flatMap((one) => [...last.matchAll(one)])
    const cut = whole.filter(({ index, 0: match }) => index < open && index + match.length > open)
    const end = Math.min(open, ...cut.map(({ index }) => index))
    return end === 0 && gone > 0 ? text.length : gone + end
  }
  return { text: all, value: (value) => mapStrings(value, all), known, settled, learn }
}

/** How many characters at the end of a text are the beginning of a word, and not all of it. */
function overlap(text: string, word: string): number {
  for (let length = Math.min(word.length - 1, text.length); length > 0; length--)
    if (text.endsWith(word.slice(0, length))) return length
  return 0
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
const keyFile = /^id_(rsa|dsa|ecdsa|ed25519)$|\.(pem|key|p12|pfx|jks|keystore)$/i

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

function toName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? ""
}

function maskKeyLine(line: string): string {
  return /^\s*($|-----(BEGIN|END))/.test(line) ? line : removed
}

/** A value after `=`, `:` or a blank goes; comments and headings stay. */
function maskLine(line: string): string {
  if (/^\s*($|#|;|\[)/.test(line)) return line
  const name = /^\s*(?:export\s+)?[\w.@/:-]*?[\w-]+\s*[=:]\s*/.exec(line)?.[0]
  if (name !== undefined) return name.length === line.length ? line : name + removed
  const words = /^\s*(machine|login|default)\b/.exec(line)?.[1]
  return words ? `${words} ${removed}` : removed
}
