/** Says which lines of a file for secrets hold one: judged by the kind of the file, the name and the value. */
import { findValue, isSecretFile, keyFile, toName } from "./redact.ts"

/** Files of which every line that says something is a login. */
const loginOnly = /^(?:\.netrc|_netrc|\.pgpass|\.git-credentials|\.dockercfg)$/i
/** Names whose values are secret, whatever they look like. */
const secretName =
  /pass(?:wor[dt]|wd|phrase)?$|pwd$|secret|token|_auth$|credential|private|api[_-]?key|access[_-]?key/i
/** Names whose values may be secret: then they look random. */
const keyName = /key|auth|salt|pass|signature|dsn|cookie|session/i
/** What people write where a value belongs, and what cannot be one. */
const placeholder =
  /^(?:<[^>]*>|\$\{?\w+\}?|%\w+%|[x*.]+|(?:your|my|some|the|an?)[-_ ].*|change[-_ ]?me.*|(?:replace|insert|enter)[-_ ].*|to-?do|example.*|sample.*|dummy.*|fake.*|placeholder.*|secret|password|pass|token|test(?:ing|-?only|_?(?:key|token|password|secret))?|none|null|undefined|true|false|yes|no|on|off|\d{1,5}|\d+(?:ms|s|m|h|d))$/i

/** Numbers of the lines, from 1, that hold a secret; of other files none. */
export function findSecretLines(path: string, text: string): number[] {
  if (!isSecretFile(path)) return []
  const name = toName(path)
  const isSecret = keyFile.test(name) ? isKeyLine : loginOnly.test(name) ? isLogin : isSecretSetting
  return text.split("\n").flatMap((line, i) => (isSecret(line) ? [i + 1] : []))
}

/** True for files of which every line is a login. */
export function isLoginFile(path: string): boolean {
  return loginOnly.test(toName(path))
}

/** Certificates and public keys are for everybody; a private key is told by its first line, elsewhere too. */
function isKeyLine(line: string): boolean {
  return (
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line) ||
    (!line.includes(" ") && looksRandom(line.trim(), 60) && !line.startsWith("MII"))
  )
}

function isLogin(line: string): boolean {
  const words = line.trim()
  if (words === "" || words.startsWith("#")) return false
  return words.split(/[\s:]+/).some((word) => !placeholder.test(word)) && /\s|:/.test(words)
}

function isSecretSetting(line: string): boolean {
  if (/^\s*(?:$|#|;|\[)/.test(line)) return false
  const start = findValue(line)
  // A line without a name goes on with the value of the one before.
  if (start === undefined) return looksRandom(line.trim(), 20)
  const name = line.slice(0, start).replace(/(?<![\s=:])[\s=:]+$/, "")
  const value = unquote(line.slice(start).trim())
  if (value === "" || placeholder.test(value)) return false
  const password = /^[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/@:]{0,200}:([^\s/@]{1,500})@/i.exec(value)?.[1]
  if (password !== undefined) return !placeholder.test(password)
  if (/^(?:https?|file|wss?):\/\//i.test(value)) return false
  return secretName.test(name) || looksRandom(value, keyName.test(name) ? 12 : 24)
}

function unquote(value: string): string {
  const quoted = /^(["'])([^"']*)\1/.exec(value)
  return quoted?.[2] ?? value
}

/** True for a word of letters and digits that no person chose. */
function looksRandom(value: string, least: number): boolean {
  if (value.length < least || !/^[\w+/=.~-]+$/.test(value)) return false
  if (!/\d/.test(value) || !/[a-z]/i.test(value)) return false
  return countBits(value.slice(0, 200)) >= 3.3
}

/** Entropy per character. */
function countBits(text: string): number {
  const counts = new Map<string, number>()
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
