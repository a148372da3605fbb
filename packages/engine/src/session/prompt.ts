/** Prompts are `.md` files beside their caller; `{{name}}` is filled in. */
import { readFileSync } from "node:fs"

const cache = new Map<string, string>()

/** @param url where the file is: `new URL("../plan/plan-specs.md", import.meta.url)` */
export function fillPrompt(url: URL, values: Record<string, string> = {}): string {
  const text = cache.get(url.href) ?? readFileSync(url, "utf8").trim()
  cache.set(url.href, text)
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole)
}
