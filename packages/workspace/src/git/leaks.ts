/** Leaks: secrets that a commit would put into the history for good. */
import { findSecretLines, isLoginFile, type Redactor } from "@aura/core"
import { showBytes } from "../byte-path.ts"
import type { Git } from "./git.ts"
import type { AddedText } from "./raw-diff.ts"

/** The changed files that contain secrets, each with a description of where. */
export async function findLeaks(
  git: Git,
  redactor: Redactor,
  of: { from: string; to: string; except: ReadonlySet<string>; harmless: ReadonlySet<string> },
): Promise<{ path: string; places: string[] }[]> {
  return (await git.added(of.from, of.to))
    .filter(({ path }) => !of.except.has(path))
    .map((file) => ({ path: file.path, places: placesIn(file, redactor, of.harmless.has(file.path)) }))
    .filter(({ places }) => places.length > 0)
}

function placesIn({ path, isNew, lines }: AddedText, redactor: Redactor, isHarmless: boolean): string[] {
  const text = lines.map((line) => line.text).join("\n")
  const clean = isHarmless ? redactor.known : redactor.text
  const marked = new Set(isNew && !isHarmless ? findSecretLines(path, text) : [])
  if (marked.size > 0 && isLoginFile(path)) return [`${showBytes(path)}, a file for secrets`]
  const isClean = clean(text) === text
  if (isClean && marked.size === 0) return []
  // A key of several lines is detected only as a whole; its first line is reported.
  const found = lines.filter((line, i) => marked.has(i + 1) || (!isClean && clean(line.text) !== line.text))
  const told = found.length > 0 ? found : lines.slice(0, 1)
  return told.map((line) => `${showBytes(path)} line ${line.number}`)
}
