/** One tool call: what it does in a line, what it changed or printed underneath. */
import {
  BookOpen,
  Eye,
  FilePen,
  FilePlus,
  FileText,
  FileX,
  Flag,
  FolderOpen,
  ListPlus,
  type LucideIcon,
  OctagonAlert,
  Search,
  Terminal,
  Wrench,
} from "lucide-react"
import { memo } from "react"
import { stripAnsi } from "./ansi.logic.ts"
import { cx } from "./cx.ts"
import { Diff } from "./Diff.tsx"
import { measureDiff, parseDiff } from "./diff.logic.ts"
import { Elapsed } from "./Elapsed.tsx"
import { Fold } from "./Fold.tsx"
import { fold } from "./fold.logic.ts"
import { useFold } from "./fold.ts"
import { formatDuration } from "./format.ts"
import { Markdown } from "./Markdown.tsx"
import { Output } from "./Output.tsx"
import { Shown } from "./Shown.tsx"
import { Size } from "./Size.tsx"
import { Spinner } from "./Spinner.tsx"
import type { ToolItem } from "./timeline.logic.ts"
import { countLines, describeCall } from "./tool-call.logic.ts"

const icons: Readonly<Record<string, LucideIcon>> = {
  read_file: FileText,
  write_file: FilePlus,
  edit_file: FilePen,
  delete_file: FileX,
  list_files: FolderOpen,
  find_files: Search,
  search_code: Search,
  run_command: Terminal,
  look_at_page: Eye,
  create_spec: BookOpen,
  create_task: ListPlus,
  task_done: Flag,
  task_blocked: OctagonAlert,
}

export const ToolCard = memo(function ToolCard({ item }: { item: ToolItem }) {
  const line = describeCall(item.name, item.input)
  const [open, setOpen] = useFold(item.key, fold.startsOpen(item))
  const failed = item.state === "error"
  const Icon = icons[item.name] ?? Wrench
  return (
    <div
      className={cx(
        "rounded-md border",
        failed ? "border-bad/40" : open ? "border-line" : "border-transparent",
      )}
    >
      <Fold
        open={open}
        onToggle={setOpen}
        icon={<Icon aria-hidden="true" className="size-3.5" />}
        summary={
          <>
            <span className={cx("shrink-0 text-sm font-medium", failed ? "text-bad" : "text-ink-2")}>
              {line.verb}
            </span>
            <span
              className={cx("min-w-0 flex-1 truncate text-sm text-ink", line.mono && "font-mono text-xs")}
              title={line.target}
            >
              {line.target}
            </span>
            <Facts item={item} />
          </>
        }
      >
        <div className="border-t border-line">
          <Inside item={item} target={line.target} mono={line.mono} />
        </div>
      </Fold>
    </div>
  )
})

function Facts({ item }: { item: ToolItem }) {
  const size = item.diff ? measureDiff(parseDiff(item.diff)) : undefined
  const lines = item.diff ? 0 : countLines(item.output)
  return (
    <span className="flex shrink-0 items-center gap-2.5 text-xs text-ink-3 tabular-nums">
      {size && <Size {...size} />}
      {item.state === "running" && (
        <>
          {item.startedAt !== undefined && <Elapsed since={item.startedAt} />}
          <Spinner className="text-accent" />
          <span className="sr-only">running</span>
        </>
      )}
      {item.state === "waiting" && <span>waiting</span>}
      {item.state === "interrupted" && <span className="text-warn">interrupted</span>}
      {item.state === "error" && <span className="text-bad">{failureWord(item)}</span>}
      {item.state === "ok" && !item.diff && lines > 1 && <span>{lines} lines</span>}
      {item.durationMs !== undefined && item.durationMs >= 100 && (
        <span>{formatDuration(item.durationMs)}</span>
      )}
    </span>
  )
}

function failureWord(item: ToolItem): string {
  return typeof item.exitCode === "number" ? `exit ${item.exitCode}` : "failed"
}

function Inside({ item, target, mono }: { item: ToolItem; target: string; mono: boolean }) {
  const words = mono ? undefined : longestText(item.input) || target
  return (
    <>
      {mono && target.length > 80 && (
        <p className="px-3 pt-2 font-mono text-xs leading-5 text-ink wrap-anywhere">{target}</p>
      )}
      {words && <Markdown text={words} small className="px-3 py-2" />}
      {item.diff && <Diff id={item.key} diff={item.diff} />}
      {fold.showsOutput(item) && (
        <Output
          id={item.key}
          text={stripAnsi(item.output).trim() ? item.output : ""}
          {...fold.lengths(item)}
        />
      )}
      {item.media && <Shown media={item.media} />}
    </>
  )
}

function longestText(input: Record<string, unknown>): string {
  const texts = Object.values(input).filter((value) => typeof value === "string")
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), "")
}
