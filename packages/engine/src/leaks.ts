/** Leaks: secrets that a commit would carry into the history, where nothing takes them out again. */
import { findSecretLines, isLoginFile, type Redactor } from "@aura/core"
import { showBytes } from "./byte-path.ts"
import type { AddedText, Git } from "./git.ts"

const mostNamed = 10

/**
 * What of a change is secret: values in files that often hold secrets and are new to git, and added lines that hold a
 * known secret or something of a key's form.
 * @param of.harmless paths of which the task says that they hold no secret; a secret that Aura knows is one all the same
 * @returns words for the model, naming places and never what stands there; undefined when nothing is
 */
export async function refuseLeaks(
  git: Git,
  redactor: Redactor,
  of: { from: string; to: string; except: ReadonlySet<string>; harmless: ReadonlySet<string> },
): Promise<string | undefined> {
  const places = (await findLeaks(git, redactor, of)).flatMap((leak) => leak.places)
  if (places.length === 0) return undefined
  const more = places.length > mostNamed ? `, and ${places.length - mostNamed} more` : ""
  return `Not accepted: the commit would hold secrets: ${places.slice(0, mostNamed).join(", ")}${more}. Take them out: read such values from the environment, put files that must hold them into .gitignore and name them in left_out, make keys for tests when the tests run. Where one is no secret, a person can say so by a line "Not secret: PATH" in the task's description. Then call task_done again.`
}

/** The files of a change that hold secrets, each with its places in words. */
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
  // A key of several lines is secret only as a whole; it is told by where it begins.
  const found = lines.filter((line, i) => marked.has(i + 1) || (!isClean && clean(line.text) !== line.text))
  const told = found.length > 0 ? found : lines.slice(0, 1)
  return told.map((line) => `${showBytes(path)} line ${line.number}`)
}

const statement = /^[ \t]*(?:[-*][ \t])?not secret:(.+)$/gim

/** The paths that a task's description says hold no secret. */
export function findHarmless(description: string): Set<string> {
  const paths = [...description.matchAll(statement)].flatMap(([, list = ""]) => list.split(","))
  return new Set(paths.map((path) => path.trim().replaceAll("`", "").replace(/^\.\//, "")).filter(Boolean))
}
