/**
 * File names are bytes, and not always UTF-8. In text, an invalid byte becomes a lone surrogate
 * (U+DC80 to U+DCFF), which no valid UTF-8 decodes to, so the conversion is reversible.
 */
import { isUtf8 } from "node:buffer"

export function toText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8")
  let text = ""
  for (let at = 0; at < bytes.length; ) {
    const length = lengthAt(bytes, at)
    if (length > 0) text += bytes.toString("utf8", at, at + length)
    else text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
    at += Math.max(1, length)
  }
  return text
}

/** The length in bytes of the UTF-8 character that begins here; 0 for none. */
function lengthAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  const isWhole = at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))
  return isWhole ? length : 0
}

const stray = /[\udc80-\udcff]/u

export function toBytes(text: string): Buffer {
  if (!stray.test(text)) return Buffer.from(text)
  const parts = Array.from(text, (char) =>
    stray.test(char) ? Buffer.from([char.charCodeAt(0) - 0xdc00]) : Buffer.from(char),
  )
  return Buffer.concat(parts)
}

/** The form for the file system: a string where it is lossless, since most of Node expects one. */
export function toPath(text: string): string | Buffer {
  return stray.test(text) ? toBytes(text) : text
}

/** For people and models: `caf\xe9.txt` for a byte that is no UTF-8. */
export function showBytes(text: string): string {
  return text.replace(/[\udc80-\udcff]/gu, (char) => `\\x${(char.charCodeAt(0) - 0xdc00).toString(16)}`)
}
