/** Pictures and PDFs as a tool's result: the model sees them, or reads why it does not. */
import { type KeptMedia, type MediaType, type Sight, sightOf, toMessage } from "@aura/core"
import { imageSize } from "image-size"
import type { Engine } from "../engine.ts"
import type { ToolOutcome } from "./tool.ts"

export type Eyes = {
  /** What the model at work sees beside text. */
  sees: readonly Sight[]
  keep(bytes: Uint8Array, mediaType: MediaType): Promise<KeptMedia>
}

/** Undefined where nothing keeps pictures: none is shown there. */
export function openEyes(
  { media, findModel }: Pick<Engine, "media" | "findModel">,
  model: string,
): Eyes | undefined {
  return media && { sees: findModel(model).sees, keep: media.keep }
}

/** Those of the Messages API, which are the strictest; see `packages/model/src/media.ts`. */
const maxPictureBytes = 3_750_000
const maxSide = 8_000
const maxPages = 100

const beginnings: readonly (readonly [MediaType, RegExp])[] = [
  ["image/png", /^89504e470d0a1a0a/],
  ["image/jpeg", /^ffd8ff/],
  ["image/gif", /^474946383[79]61/],
  ["image/webp", /^52494646.{8}57454250/],
  ["application/pdf", /^255044462d/],
]

/** By its first bytes, whatever its name says. */
function findMediaType(bytes: Uint8Array): MediaType | undefined {
  const hex = Buffer.from(bytes.subarray(0, 16)).toString("hex")
  return beginnings.find(([, pattern]) => pattern.test(hex))?.[0]
}

/** True for a name that says it is a picture or a PDF. */
export function isMediaName(path: string): boolean {
  return /\.(png|jpe?g|gif|webp|pdf)$/i.test(path)
}

/** @returns undefined for what is neither a picture nor a PDF */
export async function showMedia(
  path: string,
  bytes: Uint8Array,
  eyes: Eyes | undefined,
): Promise<ToolOutcome | undefined> {
  const mediaType = findMediaType(bytes)
  if (!mediaType) return undefined
  const { what, problem } =
    mediaType === "application/pdf" ? describePdf(bytes) : describePicture(bytes, mediaType)
  const title = `${path} is ${what} of ${toKilobytes(bytes.byteLength)} kB.`
  const sight = sightOf(mediaType)
  if (!eyes?.sees.includes(sight))
    return { output: `${title} The model at work cannot see ${sight === "pdf" ? "PDFs" : "pictures"}.` }
  if (problem) return { output: `${title} It cannot be shown: ${problem}`, isError: true }
  return { output: title, media: [await eyes.keep(bytes, mediaType)] }
}

type Described = { what: string; problem?: string }

function describePicture(bytes: Uint8Array, mediaType: MediaType): Described {
  const what = `a picture (${mediaType})`
  try {
    const { width, height } = imageSize(bytes)
    const named = `${what}, ${width} × ${height} pixels,`
    if (Math.max(width, height) > maxSide)
      return {
        what: named,
        problem: `no side may be longer than ${maxSide} pixels. Scale it down by a command.`,
      }
    if (bytes.byteLength > maxPictureBytes)
      return {
        what: named,
        problem: `at most ${toKilobytes(maxPictureBytes)} kB are. Scale it down by a command.`,
      }
    return { what: named }
  } catch (thrown) {
    return { what, problem: `it is damaged (${toMessage(thrown)}).` }
  }
}

function describePdf(bytes: Uint8Array): Described {
  const text = Buffer.from(bytes).toString("latin1")
  // Where pages stand in compressed parts they are not found, and the provider counts them.
  const pages = text.match(/\/Type\s{0,9}\/Page(?![a-zA-Z])/g)?.length ?? 0
  const what = pages > 0 ? `a PDF with ${pages} ${pages === 1 ? "page" : "pages"}` : "a PDF"
  if (/\/Encrypt\s+\d+ \d+ R/.test(text)) return { what, problem: "it is encrypted." }
  if (pages > maxPages) return { what, problem: `at most ${maxPages} pages are. Split it by a command.` }
  return { what }
}

function toKilobytes(bytes: number): number {
  return Math.max(1, Math.round(bytes / 1000))
}
