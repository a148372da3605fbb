/** One changed file: its diff in parts, each of which can be commented on or taken back. */
import type { Comment, FileDiff, Task } from "@aura/core"
import { ChevronRight, MessageSquarePlus, Pencil, SquareArrowOutUpRight, Undo2 } from "lucide-react"
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react"
import { useCommand } from "../../../api/commands.ts"
import { isAtHome } from "../../../api/window.ts"
import { cx } from "../../../components/cx.ts"
import { DiffTable } from "../../../components/DiffTable.tsx"
import { type DiffHunk, toHunks } from "../../../components/diff.logic.ts"
import { IdeLink } from "../../../components/IdeLink.tsx"
import { Size } from "../../../components/Size.tsx"
import { CommentStates, Composer } from "../../../parts/comment/Composer.tsx"

const Confirm = lazy(() => import("../../../components/Confirm.tsx"))

/** So many lines of one file are drawn unasked. */
const linesAtFirst = 400

type Props = {
  task: Task
  file: FileDiff
  split: boolean
  comments: readonly Comment[]
  /** Why nothing can be taken back at this moment, if so. */
  locked: string | undefined
  inSight: boolean
  onReverted: () => void
}

export function FileChange({ task, file, split, comments, locked, inSight, onReverted }: Props) {
  const hunks = useMemo(() => toHunks(file.diff), [file.diff])
  const [open, setOpen] = useState(true)
  const edit = useCommand("openInEditor")
  const [writing, setWriting] = useState(false)
  const [whole, setWhole] = useState(false)
  const top = useRef<HTMLElement>(null)
  useEffect(() => {
    if (inSight) top.current?.scrollIntoView({ block: "start" })
  }, [inSight])
  const shown = whole ? hunks : takeLines(hunks, linesAtFirst)
  const folder = file.path.slice(0, file.path.lastIndexOf("/") + 1)
  return (
    <section
      ref={top}
      aria-label={file.path}
      className="border-line border-b [contain-intrinsic-size:auto_20rem] [content-visibility:auto]"
    >
      <header className="sticky top-0 z-1 flex items-center gap-1 border-line border-b bg-surface py-1 pr-2 pl-2">
        <button
          type="button"
          data-row
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 flex-1 items-center gap-1.5 rounded-md px-1 py-0.5 text-left hover:bg-hover"
        >
          <ChevronRight
            aria-hidden="true"
            className={cx("size-3.5 shrink-0 text-ink-3 transition-transform", open && "rotate-90")}
          />
          <span className="min-w-0 truncate font-mono text-xs leading-5" title={file.path}>
            <span className="text-ink-3">{folder}</span>
            {file.path.slice(folder.length)}
          </span>
          {file.op !== "modified" && (
            <span className={cx("shrink-0 text-xs", file.op === "added" ? "text-ok" : "text-bad")}>
              {file.op === "added" ? "new" : "deleted"}
            </span>
          )}
          <span className="ml-auto shrink-0 text-xs">
            <Size additions={file.additions} deletions={file.deletions} />
          </span>
        </button>
        {file.op !== "deleted" && (
          <IdeLink
            project={task.projectId}
            path={file.path}
            {...firstLine(hunks)}
            label={`Edit ${file.path}`}
            className={actClass}
          >
            <Pencil aria-hidden="true" className="size-3.5" />
          </IdeLink>
        )}
        {file.op !== "deleted" && isAtHome() && (
          <Act
            label={`Open ${file.path} in your editor`}
            icon="edit"
            onClick={() =>
              edit.mutate({ body: { projectId: task.projectId, path: file.path, ...firstLine(hunks) } })
            }
          />
        )}
        <Act label={`Comment on ${file.path}`} icon="comment" onClick={() => setWriting(!writing)} />
        {file.diff && <TakeBack task={task} file={file} locked={locked} onDone={onReverted} />}
      </header>
      {(writing || comments.length > 0) && (
        <div className="border-line border-b bg-sunken px-3 py-2">
          <CommentStates comments={comments} />
          {writing && (
            <Composer
              projectId={task.projectId}
              taskId={task.id}
              path={file.path}
              label={`Comment on ${file.path}`}
              focus
              onDone={() => setWriting(false)}
            />
          )}
        </div>
      )}
      {open && file.diff === "" && (
        <p className="px-4 py-3 text-ink-3 text-sm">
          This file is not text, or its diff is too long to show.
        </p>
      )}
      {open &&
        shown.map((hunk, place) => (
          <Hunk
            key={`${hunk.lines[0]?.before ?? ""}:${hunk.lines[0]?.after ?? ""}`}
            task={task}
            file={file}
            hunk={hunk}
            place={place}
            only={hunks.length === 1}
            split={split}
            locked={locked}
            onReverted={onReverted}
          />
        ))}
      {open && shown.length < hunks.length && (
        <button
          type="button"
          onClick={() => setWhole(true)}
          className="mx-3 my-2 rounded-sm bg-hover px-2 py-0.5 text-ink-2 text-xs hover:text-ink"
        >
          {hunks.length - shown.length} more parts
        </button>
      )}
    </section>
  )
}

type HunkProps = Pick<Props, "task" | "file" | "split" | "locked" | "onReverted"> & {
  hunk: DiffHunk
  place: number
  only: boolean
}

function Hunk({ task, file, hunk, place, only, split, locked, onReverted }: HunkProps) {
  const [writing, setWriting] = useState(false)
  const quote = hunk.lines
    .filter((line) => line.kind !== "same")
    .map((line) => `${line.kind === "added" ? "+" : "-"}${line.text}`)
    .join("\n")
  return (
    <div data-hunk className="group/hunk scroll-mt-9">
      <div className="flex h-6 items-center gap-1 bg-sunken pr-2 pl-3 text-ink-3">
        <span className="min-w-0 flex-1 truncate font-mono text-xs">{hunk.text || "…"}</span>
        <span className="flex gap-0.5 opacity-0 focus-within:opacity-100 group-hover/hunk:opacity-100 pointer-coarse:opacity-100">
          <Act label="Comment on this part" icon="comment" onClick={() => setWriting(!writing)} />
          {!only && <TakeBack task={task} file={file} hunk={place} locked={locked} onDone={onReverted} />}
        </span>
      </div>
      {writing && (
        <div className="bg-sunken px-3 pb-2">
          <Composer
            projectId={task.projectId}
            taskId={task.id}
            path={file.path}
            quote={quote.slice(0, 4_000)}
            label="Comment on this part"
            focus
            onDone={() => setWriting(false)}
          />
        </div>
      )}
      <DiffTable lines={hunk.lines} split={split} />
    </div>
  )
}

type TakeBackProps = {
  task: Task
  file: FileDiff
  hunk?: number
  locked: string | undefined
  onDone: () => void
}

function TakeBack({ task, file, hunk, locked, onDone }: TakeBackProps) {
  const [asking, setAsking] = useState(false)
  const revert = useCommand("revertTask")
  const what = hunk === undefined ? file.path : "this part"
  return (
    <>
      <Act
        label={`Take back ${what}`}
        icon="revert"
        title={locked}
        disabled={locked !== undefined || revert.isPending}
        onClick={() => setAsking(true)}
      />
      {asking && (
        <Suspense>
          <Confirm
            danger
            title={`Take back ${what}?`}
            action="Take back"
            onClose={() => setAsking(false)}
            onConfirm={() =>
              revert.mutate(
                {
                  params: { p: task.projectId, t: task.id },
                  body: { path: file.path, digest: file.digest, ...(hunk === undefined ? {} : { hunk }) },
                },
                { onSuccess: onDone },
              )
            }
          >
            {hunk === undefined ? "The file" : `This part of ${file.path}`} goes back to how it was before “
            {task.title}”. The change is made in the folder and not committed.
          </Confirm>
        </Suspense>
      )}
    </>
  )
}

type ActProps = {
  label: string
  icon: keyof typeof icons
  title?: string | undefined
  disabled?: boolean
  onClick: () => void
}

const actClass =
  "flex size-6 shrink-0 items-center justify-center rounded-md text-ink-3 hover:bg-hover hover:text-ink disabled:opacity-40 pointer-coarse:size-9"

const icons = { comment: MessageSquarePlus, revert: Undo2, edit: SquareArrowOutUpRight } as const

function Act({ label, icon, title, disabled = false, onClick }: ActProps) {
  const Icon = icons[icon]
  return (
    <button
      type="button"
      aria-label={label}
      title={title ?? label}
      disabled={disabled}
      onClick={onClick}
      className={actClass}
    >
      <Icon aria-hidden="true" className="size-3.5" />
    </button>
  )
}

/** The first line that the file has now and did not have before. */
function firstLine(hunks: readonly DiffHunk[]): { line?: number } {
  const line = hunks[0]?.lines.find((one) => one.kind === "added")?.after ?? hunks[0]?.lines[0]?.after
  return line ? { line } : {}
}

/** The first parts that make up so many lines, at least one. */
function takeLines(hunks: readonly DiffHunk[], most: number): readonly DiffHunk[] {
  let lines = 0
  const end = hunks.findIndex((hunk) => {
    lines += hunk.lines.length
    return lines > most
  })
  return end < 0 ? hunks : hunks.slice(0, Math.max(1, end))
}
