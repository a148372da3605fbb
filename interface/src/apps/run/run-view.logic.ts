/** What of a project's run is on screen, as the address says it. Pure. */

export const runPanels = ["live", "changes", "checks", "context", "outline"] as const
export type RunPanel = (typeof runPanels)[number]

export type RunView = {
  /** The task looked at; without one the work at hand is followed. */
  task?: string
  /** A session travelled back to. */
  session?: string
  panel?: RunPanel
  /** The file of the changes that is in sight. */
  file?: string
  view?: "split"
  outline?: "on" | "off"
}

export function parseRunView(search: Record<string, unknown>): RunView {
  const panel = runPanels.find((name) => name === search.panel)
  const outline = search.outline === "on" || search.outline === "off" ? search.outline : undefined
  return {
    ...(typeof search.task === "string" ? { task: search.task } : {}),
    ...(typeof search.session === "string" ? { session: search.session } : {}),
    ...(panel ? { panel } : {}),
    ...(typeof search.file === "string" ? { file: search.file } : {}),
    ...(search.view === "split" ? { view: "split" } : {}),
    ...(outline ? { outline } : {}),
  }
}

/**
 * The panels side by side where there is room, one at a time where there is none.
 * @param width narrow: one column; medium: live and one panel; wide: the outline too
 */
export function toLayout(view: RunView, width: "narrow" | "medium" | "wide") {
  const { panel } = view
  if (width === "narrow")
    return { outline: panel === "outline", live: !panel || panel === "live", side: toSide(panel) }
  const outline = view.outline ? view.outline === "on" : width === "wide"
  return { outline, live: true, side: toSide(panel) ?? "changes" }
}

export type SidePanel = "changes" | "checks" | "context"

function toSide(panel: RunPanel | undefined): SidePanel | undefined {
  return panel === "changes" || panel === "checks" || panel === "context" ? panel : undefined
}
