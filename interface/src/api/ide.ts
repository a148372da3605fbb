/** Opens the editor window of a project. */
import { toMessage } from "@aura/core"
import { client } from "./client.ts"
import { tellProblem } from "./notices.ts"
import { isInWindow } from "./window.ts"

export type IdePlace = {
  project: string
  /** Relative to the project's folder. */
  path?: string
  line?: number
  /** `diff`: the file against the last commit. */
  view?: "diff"
  /** Goes along with the agent, from file to file. */
  follow?: "on"
}

export function toIdeHref({ project, path, line, view, follow }: IdePlace): string {
  const search = new URLSearchParams({ project })
  if (path !== undefined) search.set("path", path)
  if (line !== undefined) search.set("line", String(line))
  if (view !== undefined) search.set("view", view)
  if (follow !== undefined) search.set("follow", follow)
  return `/ide?${search.toString()}`
}

export function openIde(place: IdePlace): void {
  const path = toIdeHref(place)
  // A project's files are in one tab: opened again it goes there.
  if (!isInWindow()) window.open(path, `aura-ide-${place.project}`)?.focus()
  else {
    client
      .call("openWindow", { body: { path } })
      .catch((thrown: unknown) => tellProblem(`The editor was not opened: ${toMessage(thrown)}`))
  }
}
