/** The document of a project as it is stored. */
import { AuraError, type RequirementsDocument } from "@aura/core"
import type { Aura } from "../aura.ts"

/** The current version of a project's document. */
export async function current(aura: Aura, projectId: string): Promise<RequirementsDocument> {
  const project = await aura.store.get("projects", projectId)
  const document = project && (await aura.store.get("documents", project.documentId))
  if (!document) throw new AuraError("not_found", "There is no such project.")
  return document
}
