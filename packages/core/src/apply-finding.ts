/** What becomes of the document with a proposed wording. */
import type { Finding } from "./finding.ts"

/** True while the document still has the passage, or where nothing is quoted. */
export function isApplicable({ quote }: Finding, markdown: string): boolean {
  return quote === null || markdown.includes(quote)
}

/** The document with the proposed wording; unchanged where its passage is gone. */
export function applyFinding(markdown: string, { quote, wording }: Finding): string {
  if (quote === null) return `${markdown.trimEnd()}\n\n${wording.trim()}\n`
  const at = markdown.indexOf(quote)
  return at < 0 ? markdown : `${markdown.slice(0, at)}${wording}${markdown.slice(at + quote.length)}`
}
