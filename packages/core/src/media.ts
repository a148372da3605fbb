/** Pictures and PDFs that a model is shown. Entries hold a reference; the bytes lie in the data directory. */
import { z } from "zod"

export const mediaTypes = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"] as const

/** What a model can see beside text. */
export const sights = ["image", "pdf"] as const
export type Sight = (typeof sights)[number]

export const MediaType = z.enum(mediaTypes)
export type MediaType = z.infer<typeof MediaType>

export const KeptMedia = z.object({
  name: z.string().describe("Under which it is kept: the sha256 of its bytes"),
  mediaType: MediaType,
  bytes: z.number().int().nonnegative(),
})
export type KeptMedia = z.infer<typeof KeptMedia>

export function sightOf(mediaType: MediaType): Sight {
  return mediaType === "application/pdf" ? "pdf" : "image"
}
