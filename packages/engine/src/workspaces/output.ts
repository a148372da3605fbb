/** What a command printed: head and tail in memory, a digest of all of it. */
import { createHash } from "node:crypto"
import { StringDecoder } from "node:string_decoder"

const headMost = 12_000
const tailMost = 24_000

export type Output = { add(chunk: Buffer): string; text(): string; digest(): string }

export function createOutput(): Output {
  const hash = createHash("sha256")
  const decoder = new StringDecoder("utf8")
  let head = ""
  let tail = ""
  let left = 0
  return {
    /** @returns the chunk as text, for whoever watches */
    add(chunk) {
      hash.update(chunk)
      const text = decoder.write(chunk)
      const room = headMost - head.length
      head += text.slice(0, room)
      tail += text.slice(Math.max(0, room))
      if (tail.length > tailMost * 2) {
        left += tail.length - tailMost
        tail = tail.slice(-tailMost)
      }
      return text
    },
    text() {
      const cut = Math.max(0, tail.length - tailMost)
      const gone = left + cut
      if (gone === 0) return head + tail
      return `${head}\n… ${gone} characters left out …\n${tail.slice(cut)}`
    },
    digest: () => hash.copy().digest("hex"),
  }
}
