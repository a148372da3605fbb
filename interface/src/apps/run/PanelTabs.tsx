/** The panels of the run as tabs; which one is open stands in the address. */
import { Link } from "@tanstack/react-router"
import { cx } from "../../components/cx.ts"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { parseRunView, type RunPanel } from "./run-view.logic.ts"

const words: Readonly<Record<RunPanel, string>> = {
  live: "Now",
  changes: "Changes",
  checks: "Checks",
  context: "Context and cost",
  outline: "Outline",
}

export function PanelTabs({ shown, narrow = false }: { shown: RunPanel; narrow?: boolean }) {
  const projectId = useProjectId()
  const panels: RunPanel[] = narrow
    ? ["live", "changes", "checks", "context", "outline"]
    : ["changes", "checks", "context"]
  return (
    <nav
      aria-label="Panels"
      className="flex shrink-0 gap-0.5 overflow-x-auto border-line border-b px-2 [scrollbar-width:none]"
    >
      {panels.map((panel) => (
        <Link
          key={panel}
          to="/projects/$projectId/run"
          params={{ projectId }}
          search={(before) => parseRunView({ ...before, panel: panel === "live" ? undefined : panel })}
          replace
          aria-current={panel === shown ? "true" : undefined}
          className={cx(
            "shrink-0 border-b-2 px-2 py-2 text-sm -outline-offset-2",
            panel === shown
              ? "border-accent font-medium text-ink"
              : "border-transparent text-ink-2 hover:text-ink",
          )}
        >
          {panel === "context" && narrow ? "Context" : words[panel]}
        </Link>
      ))}
    </nav>
  )
}
