/** Small PNG files for the visual baselines: reads what a browser writes, writes at most 256 colours. */
import { crc32, deflateSync, inflateSync } from "node:zlib"

/** `rgb` holds three bytes a pixel, row by row. */
export type Picture = { width: number; height: number; rgb: Uint8Array }

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const channelsOf: Readonly<Record<number, number>> = { 2: 3, 3: 1, 6: 4 }

/** Reads 8-bit PNGs in true colour, with or without alpha, and by palette. */
export function readPng(file: Uint8Array): Picture {
  const bytes = Buffer.from(file)
  const parts: Buffer[] = []
  let palette = Buffer.alloc(0)
  let [width, height, type] = [0, 0, 0]
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const name = bytes.toString("latin1", at + 4, at + 8)
    const data = bytes.subarray(at + 8, at + 8 + length)
    if (name === "IHDR") {
      width = data.readUInt32BE(0)
      height = data.readUInt32BE(4)
      type = data[9] ?? 0
    }
    if (name === "PLTE") palette = data
    if (name === "IDAT") parts.push(data)
    at += 12 + length
  }
  const channels = channelsOf[type]
  if (channels === undefined) throw new Error(`a PNG of colour type ${type} is not read here`)
  const pixels = unfilter(inflateSync(Buffer.concat(parts)), width * channels, height, channels)
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const source = type === 3 ? palette : pixels
    const from = type === 3 ? (pixels[i] ?? 0) * 3 : i * channels
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = source[from + c] ?? 0
  }
  return { width, height, rgb }
}

function unfilter(raw: Uint8Array, stride: number, height: number, step: number): Uint8Array {
  const out = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x
      const left = x >= step ? (out[at - step] ?? 0) : 0
      const up = y > 0 ? (out[at - stride] ?? 0) : 0
      const corner = x >= step && y > 0 ? (out[at - stride - step] ?? 0) : 0
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0
      out[at] = (raw[y * (stride + 1) + 1 + x] ?? 0) + guess
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const p = left + up - corner
  const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}

/** Five bits a channel, the most frequent 256 of them; the rest takes the nearest. */
export function writePng({ width, height, rgb }: Picture): Buffer {
  const keys = new Uint16Array(width * height)
  const counts = new Map<number, number>()
  for (let i = 0; i < keys.length; i++) {
    const [r = 0, g = 0, b = 0] = [rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]]
    const key = ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3)
    keys[i] = key
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const colours = [...counts].sort((a, b) => b[1] - a[1]).map(([key]) => key)
  const palette = colours.slice(0, 256)
  const places = new Map(colours.map((key) => [key, nearest(palette, key)]))
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = places.get(keys[y * width + x] ?? 0) ?? 0
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  const entries = Buffer.from(palette.flatMap((key) => split(key).map((five) => (five << 3) | (five >> 2))))
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("PLTE", entries),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

const split = (key: number) => [key >> 10, (key >> 5) & 31, key & 31] as const

function nearest(palette: readonly number[], key: number): number {
  const found = palette.indexOf(key)
  if (found !== -1) return found
  const wanted = split(key)
  const far = (other: number) =>
    split(other).reduce((sum, five, c) => sum + (five - (wanted[c] ?? 0)) ** 2, 0)
  return palette.reduce((best, other, i) => (far(other) < far(palette[best] ?? 0) ? i : best), 0)
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}

/** The share of pixels that differ clearly, and a picture of where: what is the same is pale, what differs is red. */
export function compare(before: Picture, after: Picture): { share: number; where: Picture } {
  const { width, height } = after
  const rgb = new Uint8Array(width * height * 3)
  const isSameSize = before.width === width && before.height === height
  let differing = 0
  for (let i = 0; i < rgb.length; i += 3) {
    const off = isSameSize
      ? Math.max(...[0, 1, 2].map((c) => Math.abs((before.rgb[i + c] ?? 0) - (after.rgb[i + c] ?? 0))))
      : 255
    const differs = off > clearly
    if (differs) differing++
    const pale = 200 + Math.round((after.rgb[i] ?? 0) / 5)
    rgb.set(differs ? [220, 20, 20] : [pale, pale, pale], i)
  }
  return { share: differing / (width * height), where: { width, height, rgb } }
}

/** Less than this, of 255, is what rounding and smoothing make. */
const clearly = 40
