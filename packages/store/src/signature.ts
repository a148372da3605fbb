/** Signatures of text: which runs of one to three characters occur, as bits. They say where a word cannot be. */

/** Words are looked for as they are here. */
export function fold(text: string): string {
  return text.toLowerCase()
}

const bitCount = 16_384
const shift = 18
const keyBits = 4

export function createSignature() {
  const bits = Buffer.alloc(bitCount / 8)
  const set = (bit: number) => {
    bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7))
  }
  return {
    addText: (text: string) => visitRuns(fold(text), set),
    /** A value that is looked for as a whole. */
    addKey: (key: string) => toKeyBits(key).forEach(set),
    toText: () => bits.toString("base64"),
  }
}

/** The bits a signature must have where all of the words, and the key, are. */
export function bitsOf(words: readonly string[], key: string | undefined): number[] {
  const bits = new Set<number>(key === undefined ? [] : toKeyBits(key))
  for (const word of words) visitRuns(fold(word), (bit) => bits.add(bit))
  return [...bits]
}

/** A signature from its text; nothing where there is none, which can hold every word. */
export function parseSignature(text: string): Uint8Array | undefined {
  return text === "" ? undefined : Buffer.from(text, "base64")
}

export function hasBits(signature: Uint8Array, bits: readonly number[]): boolean {
  return bits.every((bit) => ((signature[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0)
}

function visitRuns(text: string, visit: (bit: number) => void): void {
  let first = 0
  let second = 0
  for (let i = 0; i < text.length; i++) {
    const third = text.charCodeAt(i)
    visit(mix(third))
    if (i > 0) visit(mix(Math.imul(second, 0x85ebca6b) ^ third))
    if (i > 1) visit(mix(Math.imul(Math.imul(first, 0x85ebca6b) ^ second, 0xc2b2ae35) ^ third))
    first = second
    second = third
  }
}

function toKeyBits(key: string): number[] {
  return Array.from({ length: keyBits }, (_, seed) => {
    let hash = seed + 1
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
    return mix(hash)
  })
}

function mix(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> shift
}
