/** One check: the command Aura ran, whether it passed, and what it printed. */
import { memo } from "react"
import { cx } from "./cx.ts"
import { Elapsed } from "./Elapsed.tsx"
import { Fold } from "./Fold.tsx"
import { useFold } from "./fold.ts"
import { formatDuration, shortHash } from "./format.ts"
import { Output } from "./Output.tsx"
import { StatusIcon } from "./StatusIcon.tsx"
import type { CheckItem } from "./timeline.logic.ts"

const icons = { running: "in_progress", passed: "done", failed: "failed" } as const
const words = { running: "checking", passed: "passed", failed: "failed" } as const
const colors = { running: "text-accent", passed: "text-ok", failed: "text-bad" } as const

export const CheckCard = memo(function CheckCard({ item }: { item: Omit<CheckItem, "kind"> }) {
  const [open, setOpen] = useFold(
    item.key,
    item.state === "failed" || (item.state === "running" && item.output !== ""),
  )
  const { result } = item
  return (
    <div
      className={cx(
        "rounded-md border bg-surface",
        item.state === "failed" ? "border-bad/40" : "border-line",
      )}
    >
      <Fold
        open={open}
        onToggle={setOpen}
        icon={<StatusIcon status={icons[item.state]} />}
        summary={
          <>
            <span className="min-w-0 flex-1 truncate font-mono text-xs text-ink" title={item.command}>
              {item.command}
            </span>
            <span className="flex shrink-0 items-center gap-2.5 text-xs text-ink-3 tabular-nums">
              {item.startedAt !== undefined && item.state === "running" && <Elapsed since={item.startedAt} />}
              <span className={colors[item.state]}>{words[item.state]}</span>
              {result && <span className="hidden sm:inline">exit {result.exitCode ?? "none"}</span>}
              {result && <span>{formatDuration(result.durationMs)}</span>}
            </span>
          </>
        }
      >
        <div className="border-t border-line">
          <Output id={item.key} text={item.output} head={4} tail={item.state === "passed" ? 8 : 16} />
          {result && (
            <p className="border-t border-line px-3 py-1.5 text-xs text-ink-3">
              {sources[result.source]} · ran on tree{" "}
              <span className="font-mono">{shortHash(result.treeHash)}</span>
              {result.exitCode === null && " · ended by a signal or its time limit"}
            </p>
          )}
        </div>
      </Fold>
    </div>
  )
})

const sources = {
  task: "Check of the task",
  build: "Build of the project",
  test: "Tests of the project",
} as const
