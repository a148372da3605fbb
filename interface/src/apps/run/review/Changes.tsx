/** What a task changed, file by file, as edits land and after its commit. */
import type { Task } from "@aura/core"
import { useQueryClient } from "@tanstack/react-query"
import { ArrowDown, ArrowUp, Check, Columns2, Eye, Rows2 } from "lucide-react"
import { useRef } from "react"
import { diffKey } from "../../../api/apply.ts"
import { useCommand } from "../../../api/commands.ts"
import { useLoops } from "../../../api/queries/loops.ts"
import { useTaskDiff } from "../../../api/queries/tasks.ts"
import { Button, buttonClass, IconButton } from "../../../components/Button.tsx"
import { count, shortHash } from "../../../components/format.ts"
import { IdeLink } from "../../../components/IdeLink.tsx"
import { Empty, Loading, Problem } from "../../../components/Placeholder.tsx"
import { Size } from "../../../components/Size.tsx"
import { useCommentsOn } from "../../../parts/comment/Composer.tsx"
import { newest } from "../../../parts/project/project-state.logic.ts"
import { FileChange } from "./FileChange.tsx"

type Props = {
  task: Task | undefined
  split: boolean
  file?: string | undefined
  onSplit: (split: boolean) => void
}

export default function Changes({ task, ...rest }: Props) {
  if (!task) {
    return (
      <Empty title="No changes yet" className="py-12">
        As soon as a task is worked on, what it changes appears here, file by file.
      </Empty>
    )
  }
  return <OfTask key={task.id} task={task} {...rest} />
}

function OfTask({ task, split, file, onSplit }: Props & { task: Task }) {
  const diff = useTaskDiff(task.projectId, task.id)
  const loop = newest(useLoops(task.projectId).data)
  const queries = useQueryClient()
  const scroller = useRef<HTMLDivElement>(null)
  const comments = useCommentsOn(task.projectId, (comment) => comment.taskId === task.id)
  if (diff.isError) return <Problem error={diff.error} onRetry={() => void diff.refetch()} />
  if (!diff.data) return <Loading rows={6} />
  const { files, from, commit } = diff.data
  if (files.length === 0) return <Empty title={emptyTitle(task, from)} className="py-12" />
  const sum = (key: "additions" | "deletions") => files.reduce((total, row) => total + row[key], 0)
  const locked = loop && loop.status !== "finished" ? "Stop the loop to take changes back" : undefined

  function jump(by: 1 | -1): void {
    const box = scroller.current
    if (!box) return
    const parts = [...box.querySelectorAll<HTMLElement>("[data-hunk]")]
    const edge = box.getBoundingClientRect().top + 44
    const tops = parts.map((part) => part.getBoundingClientRect().top - edge)
    const next = by > 0 ? tops.findIndex((top) => top > 4) : tops.findLastIndex((top) => top < -4)
    parts[next]?.scrollIntoView({ block: "start" })
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-11 shrink-0 items-center gap-0.5 border-line border-b pr-2 pl-4">
        <p className="mr-auto min-w-0 truncate pr-2 text-sm">
          <span className="font-medium">{count(files.length, "file")}</span>{" "}
          <Size additions={sum("additions")} deletions={sum("deletions")} />
          <span className="text-ink-3 text-xs">
            {" "}
            {commit ? (
              <>
                in commit <code className="select-all font-mono">{shortHash(commit)}</code>
              </>
            ) : (
              "in the folder now"
            )}
          </span>
        </p>
        <Accept task={task} />
        {task.status === "in_progress" && (
          <IdeLink
            project={task.projectId}
            follow="on"
            label="Follow in the editor"
            className={buttonClass("quiet", "square")}
          >
            <Eye aria-hidden="true" className="size-4" />
          </IdeLink>
        )}
        <IconButton
          label="Previous change"
          icon={<ArrowUp aria-hidden="true" className="size-4" />}
          onClick={() => jump(-1)}
        />
        <IconButton
          label="Next change"
          icon={<ArrowDown aria-hidden="true" className="size-4" />}
          onClick={() => jump(1)}
        />
        <IconButton
          label={split ? "Unified" : "Side by side"}
          icon={
            split ? (
              <Rows2 aria-hidden="true" className="size-4" />
            ) : (
              <Columns2 aria-hidden="true" className="size-4" />
            )
          }
          onClick={() => onSplit(!split)}
        />
      </div>
      <section ref={scroller} aria-label="Diff" className="min-h-0 flex-1 overflow-y-auto">
        {files.map((row) => (
          <FileChange
            key={row.path}
            task={task}
            file={row}
            split={split}
            comments={comments.filter((comment) => comment.path === row.path)}
            locked={locked}
            inSight={row.path === file}
            onReverted={() => void queries.invalidateQueries({ queryKey: diffKey(task.id) })}
          />
        ))}
      </section>
    </div>
  )
}

function Accept({ task }: { task: Task }) {
  const accept = useCommand("acceptTask")
  if (task.status !== "done") return null
  if (task.acceptedAt) {
    return (
      <span className="flex items-center gap-1 text-ok text-sm">
        <Check aria-hidden="true" className="size-3.5" />
        Accepted
      </span>
    )
  }
  return (
    <Button
      size="small"
      busy={accept.isPending}
      icon={<Check aria-hidden="true" className="size-3.5" />}
      onClick={() => accept.mutate({ params: { p: task.projectId, t: task.id } })}
    >
      Accept
    </Button>
  )
}

function emptyTitle(task: Task, from: "commit" | "folder" | "nothing"): string {
  if (from === "folder" || task.status === "in_progress") return "Nothing changed yet"
  return task.status === "done" ? "This task changed no files" : "Not begun yet"
}
