/**
 * Marks what a shared library needs of a newer system as weak, so that an older one loads it. Only for needs whose
 * functions are themselves optional to the library, which then does without them.
 */

const neededVersions = 0x6ffffffe
const weakFlag = 2

/**
 * Changes the bytes of a 64-bit little-endian ELF file in place; doing it twice changes nothing.
 * @param version such as `GLIBC_2.39`
 * @returns how many needs of that version the file has
 */
export function weakenNeed(bytes: Buffer, version: string): number {
  if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1) return 0
  const sections = readSections(bytes)
  let found = 0
  for (const section of sections.filter(({ type }) => type === neededVersions)) {
    const names = sections[section.link]?.offset ?? 0
    let file = section.offset
    for (let files = section.info; files > 0; files--) {
      let need = file + bytes.readUInt32LE(file + 8)
      for (let needs = bytes.readUInt16LE(file + 2); needs > 0; needs--) {
        if (readName(bytes, names + bytes.readUInt32LE(need + 8)) === version) {
          bytes.writeUInt16LE(bytes.readUInt16LE(need + 4) | weakFlag, need + 4)
          found += 1
        }
        need += bytes.readUInt32LE(need + 12)
      }
      file += bytes.readUInt32LE(file + 12)
    }
  }
  return found
}

type Section = { type: number; offset: number; link: number; info: number }

function readSections(bytes: Buffer): Section[] {
  const start = Number(bytes.readBigUInt64LE(0x28))
  const size = bytes.readUInt16LE(0x3a)
  return Array.from({ length: bytes.readUInt16LE(0x3c) }, (_, i) => {
    const at = start + i * size
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: Number(bytes.readBigUInt64LE(at + 24)),
      link: bytes.readUInt32LE(at + 40),
      info: bytes.readUInt32LE(at + 44),
    }
  })
}

function readName(bytes: Buffer, at: number): string {
  return bytes.toString("latin1", at, bytes.indexOf(0, at))
}
