/** What a proposed version of a spec would change. */
import { AuraError, type SpecProposal } from "@aura/core"
import { specs } from "@aura/domain"
import { createTwoFilesPatch } from "diff"
import type { Engine } from "../engine.ts"

/** Texts further apart are shown as one taken for the other. */
const maxEdits = 1_000

/** The proposed version of a spec against the present one. @throws AuraError `not_found` without one */
export async function diff(
  engine: Engine,
  projectId: string,
  specId: string,
): Promise<{ proposal: SpecProposal; diff: string }> {
  const { title, markdown, proposal } = await specs.get(engine.aura, projectId, specId)
  if (!proposal) throw new AuraError("not_found", "There is no proposed version of this spec.")
  const before = withEnd(markdown)
  const after = withEnd(proposal.markdown)
  const options = { context: 3, maxEditLength: maxEdits }
  const patch = createTwoFilesPatch(title, proposal.title, before, after, "", "", options)
  return { proposal, diff: patch ?? replaceWhole(before, after) }
}

function replaceWhole(before: string, after: string): string {
  const [old, fresh] = [before, after].map((text) => text.trimEnd().split("\n"))
  const head = `@@ -1,${old?.length ?? 0} +1,${fresh?.length ?? 0} @@`
  return [head, ...(old ?? []).map((line) => `-${line}`), ...(fresh ?? []).map((line) => `+${line}`)].join(
    "\n",
  )
}

function withEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`
}
