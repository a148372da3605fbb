/** Judges pictures and PDFs as the providers do: by type, by size, and that the bytes are what they are said to be. */
import { isObject, type Json, objectOf, textOf } from "../json.ts"

const maxPictureChars = 5 * 1024 * 1024

/** First bytes of each type, in hex; WebP's stand behind the size. */
const beginnings: Record<string, RegExp> = {
  "image/png": /^89504e470d0a1a0a/,
  "image/jpeg": /^ffd8ff/,
  "image/gif": /^474946383[79]61/,
  "image/webp": /^52494646.{8}57454250/,
  "application/pdf": /^255044462d/,
}

/** What is wrong with these bytes, in base64; undefined = nothing. */
export function findBytesViolation(mediaType: string, data: string): string | undefined {
  const beginning = beginnings[mediaType]
  if (!beginning) return `media_type: Input should be ${Object.keys(beginnings).join(", ")}`
  if (data === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return "data: invalid base64 data"
  if (!beginning.test(Buffer.from(data.slice(0, 32), "base64").toString("hex")))
    return `data: The bytes do not match the media type ${mediaType}`
  if (mediaType !== "application/pdf" && data.length > maxPictureChars)
    return `data: image exceeds 5 MB maximum: ${data.length} bytes > ${maxPictureChars} bytes`
  return undefined
}

/** An `image` or `document` of the Messages API. */
export function findMediaViolation(block: Json, place: string): string | undefined {
  const source = objectOf(block.source)
  const at = `${place}.${textOf(block.type)}.source`
  if (source.type !== "base64") return `${at}: Input tag '${textOf(source.type)}' does not match 'base64'`
  const mediaType = textOf(source.media_type)
  if ((block.type === "document") !== (mediaType === "application/pdf"))
    return `${at}.base64.media_type: ${mediaType} is not allowed here`
  const problem = findBytesViolation(mediaType, textOf(source.data))
  return problem && `${at}.base64.${problem}`
}

/** The content of a `tool_result`: a text, or a list of text, pictures and documents. */
export function findResultViolation({ content, is_error }: Json, place: string): string | undefined {
  if (content === undefined || typeof content === "string") return undefined
  if (!Array.isArray(content) || !content.every(isObject))
    return `${place}.tool_result.content: Input should be a valid list`
  for (const [i, block] of content.entries()) {
    const at = `${place}.tool_result.content.${i}`
    if (block.type === "text") {
      if (textOf(block.text) === "") return `${at}: text content blocks must be non-empty`
      continue
    }
    if (block.type !== "image" && block.type !== "document")
      return `${at}: Input tag '${textOf(block.type)}' found does not match any of the expected tags`
    if (is_error === true)
      return `${place}.tool_result: all content must be type "text" if "is_error" is true`
    const problem = findMediaViolation(block, at)
    if (problem) return problem
  }
  return undefined
}

/** A `data:` address, as OpenAI takes pictures and files. */
export function findDataUrlViolation(url: string): string | undefined {
  const found = /^data:([^;,]{1,100});base64,/.exec(url)
  if (!found) return "Invalid data URL: expected a base64-encoded data URL"
  return findBytesViolation(found[1] ?? "", url.slice(found[0].length))
}
