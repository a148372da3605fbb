/** What the APIs of several providers share when a screenplay is played behind them. */
import type { IncomingHttpHeaders } from "node:http"
import type { Json } from "../json.ts"

/** A text in pieces, at least two where it can be cut, so that nobody relies on its coming whole. */
export function pieces(text: string, most: number): string[] {
  const size = Math.min(most, Math.max(Math.ceil(text.length / 2), 1))
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size))
}

/** A picture or PDF in the form of the Messages API, as far as scenes are found by it. */
export function toMedia(data: string): Json {
  return { type: "image", source: { type: "base64", data } }
}

export function isBearer({ authorization }: IncomingHttpHeaders): boolean {
  return /^Bearer \S+$/.test(authorization ?? "")
}
