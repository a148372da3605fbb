/** Secrets that a task's commit would carry into the history. */
import type { Redactor } from "@aura/core"
import { findLeaks, type Git } from "@aura/workspace"

const maxNamed = 10

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
  const more = places.length > maxNamed ? `, and ${places.length - maxNamed} more` : ""
  return `Not accepted: the commit would hold secrets: ${places.slice(0, maxNamed).join(", ")}${more}. Take them out: read such values from the environment, put files that must hold them into .gitignore and name them in left_out, make keys for tests when the tests run. Where one is no secret, a person can say so by a line "Not secret: PATH" in the task's description. Then call task_done again.`
}
