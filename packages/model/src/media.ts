/**
 * Pictures and PDFs in a request: what of them a model and a provider take, and how much room they need. Limits read on
 * 2026-11-27: platform.claude.com (vision, PDF support: 5 MB for a picture in base64, 32 MB for a request, no side above
 * 8,000 px, above 2,000 px only up to 20 pictures, 100 pages), ai.google.dev (20 MB for a request with inline data).
 */
import { type MediaType, type Sight, sightOf } from "@aura/core"
import type { MediaBlock, Message } from "./model.ts"

/** In one request; the sum is of characters of base64. */
const maxCount = 20
const maxChars = 18_000_000

/** Tokens of the largest picture that is not scaled down. */
const pictureTokens = 4_800
/** Rather too many than too few: about 3,000 tokens for a page of 45 kB. */
const charsPerPdfToken = 20
const charsPerToken = 4

const names: Record<Sight, string> = { image: "picture", pdf: "PDF" }

type Content = Message["content"][number]
type Made = { key: string; message: Message }

/** What a message became, for as long as it lives: its JSON is made once. */
const fitted = new WeakMap<Message, Made>()

/**
 * The same messages with a sentence in the place of what the model cannot see, and of what is more than a request may
 * hold: the first are kept, so that a request still begins with the bytes of the last.
 */
export function fitMedia(
  messages: readonly Message[],
  sees: readonly Sight[],
  takes: (mediaType: MediaType) => boolean = () => true,
): readonly Message[] {
  let count = 0
  let chars = 0
  const refuse = (media: MediaBlock): string | undefined => {
    const sight = sightOf(media.mediaType)
    if (!sees.includes(sight) || !takes(media.mediaType))
      return `(A ${names[sight]} is here that this model cannot see.)`
    if (count + 1 > maxCount || chars + media.data.length > maxChars)
      return `(A ${names[sight]} is not shown: the session holds as many as a request may.)`
    count += 1
    chars += media.data.length
    return undefined
  }
  return messages.map((message) => {
    if (message.role === "assistant" || !message.content.some(holdsMedia)) return message
    const refusals = message.content.flatMap((block) => mediaOf(block).map(refuse))
    const key = JSON.stringify(refusals)
    const known = fitted.get(message)
    if (known?.key === key) return known.message
    let at = 0
    const fit = (media: MediaBlock) => ({ media, refusal: refusals[at++] })
    const content = message.content.map((block): typeof block => {
      if (block.type === "text") return block
      if (block.type === "media") {
        const { refusal } = fit(block)
        return refusal === undefined ? block : { type: "text", text: refusal }
      }
      const all = (block.media ?? []).map(fit)
      const said = all.flatMap(({ refusal }) => refusal ?? [])
      const media = all.flatMap(({ media: one, refusal }) => (refusal === undefined ? [one] : []))
      return said.length === 0 ? block : { ...block, output: [block.output, ...said].join("\n"), media }
    })
    const made: Message = refusals.every((one) => one === undefined) ? message : { role: "user", content }
    fitted.set(message, { key, message: made })
    return made
  })
}

function mediaOf(block: Content): readonly MediaBlock[] {
  if (block.type === "media") return [block]
  return block.type === "tool_result" ? (block.media ?? []) : []
}

function holdsMedia(block: Content): boolean {
  return mediaOf(block).length > 0
}

/** Fields that hold base64 in Aura's own messages and in those of the providers. */
const binaryFields = new Set(["data", "url", "file_data", "image_url"])

/** Characters of a value as JSON, pictures and PDFs counted by the tokens they take and not by their bytes. */
export function countChars(value: unknown): number {
  let more = 0
  const json = JSON.stringify(value, (key, held: unknown) => {
    if (typeof held !== "string" || held.length < 400 || !binaryFields.has(key)) return held
    more += charsOfMedia(held)
    return ""
  })
  return json.length + more
}

function charsOfMedia(data: string): number {
  const isPdf = data.startsWith("JVBER") || data.startsWith("data:application/pdf")
  const most = isPdf ? Math.max(pictureTokens, data.length / charsPerPdfToken) : pictureTokens
  return Math.min(data.length, Math.ceil(most) * charsPerToken)
}

export function toDataUrl({ mediaType, data }: MediaBlock): string {
  return `data:${mediaType};base64,${data}`
}
