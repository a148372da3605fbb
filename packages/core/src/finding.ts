/** What a look-over of the requirements document found. */
import { z } from "zod"

export const findingKinds = ["gap", "contradiction", "uncheckable", "ambiguous"] as const

export const Finding = z.object({
  kind: z.enum(findingKinds),
  quote: z.string().nullable().describe("The passage of the document; null for what is missing from it"),
  why: z.string().describe("One sentence for the person who wrote it"),
  wording: z.string().describe("Markdown that replaces the quote, or is added when quote is null"),
})
export type Finding = z.infer<typeof Finding>
