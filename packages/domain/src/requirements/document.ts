/** The document of a project as it is stored. */
import { AuraError, type LedgerEntry, type RequirementsDocument } from "@aura/core"
import type { Aura } from "../aura.ts"

/** The current version of a project's document. */
export async function current(aura: Aura, projectId: string): Promise<RequirementsDocument> {
  const project = await aura.store.get("projects", projectId)
  const document = project && (await aura.store.get("documents", project.documentId))
  if (!document) throw new AuraError("not_found", "There is no such project.")
  return document
}

/** Documents that were stored before there was a ledger. */
export function ledgerOf({ ledger, requirements }: RequirementsDocument): LedgerEntry[] {
  if (ledger.length > 0) return ledger
  return requirements.map(({ id, text, label, since = 1 }) => ({
    id,
    text,
    ...(label === undefined ? {} : { label }),
    since,
    earlier: [],
  }))
}
