/** Leaks: secrets that a commit would carry into the history, where nothing takes them out again. */
import { isSecretFile, maskFile, type Redactor } from "@aura/core"
import type { AddedText, Git } from "./git.ts"

const mostNamed = 10

/**
 * What of a change is secret: files that exist to hold secrets and are new to git, and added lines that hold a known
 * secret or something of a key's form.
 * @returns words for the model, naming places and never what stands there; undefined when nothing is
 */
export async function refuseLeaks(
  git: Git,
  redactor: Redactor,
  of: { from: string; to: string; except: ReadonlySet<string> },
): Promise<string | undefined> {
  const added = (await git.added(of.from, of.to)).filter(({ path }) => !of.except.has(path))
  const places = added.flatMap((file) => placesIn(file, redactor))
  if (places.length === 0) return undefined
  const more = places.length > mostNamed ? `, and ${places.length - mostNamed} more` : ""
  return `Not accepted: the commit would hold secrets: ${places.slice(0, mostNamed).join(", ")}${more}. Take them out: read such values from the environment, put files that must hold them into .gitignore, make keys for tests when the tests run. Then call task_done again.`
}

function placesIn({ path, isNew, lines }: AddedText, redactor: Redactor): string[] {
  const text = lines.map((line) => line.text).join("\n")
  if (isNew && isSecretFile(path) && maskFile(path, text) !== text) return [`${path}, a file for secrets`]
  if (redactor.text(text) === text) return []
  // A key of several lines is secret only as a whole; it is told by where it begins.
  const found = lines.filter((line) => redactor.text(line.text) !== line.text)
  const told = found.length > 0 ? found : lines.slice(0, 1)
  return told.map((line) => `${path} line ${line.number}`)
}
