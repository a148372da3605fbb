/** Sends a comment to the agent without stopping it, and shows whether earlier ones were seen. */
import type { Comment } from "@aura/core"
import { CornerDownLeft, X } from "lucide-react"
import { useId, useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { useComments } from "../../api/queries/loops.ts"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { inputClass } from "../../components/Field.tsx"
import { formatTime } from "../../components/format.ts"

type Props = {
  projectId: string
  taskId?: string | undefined
  path?: string | undefined
  quote?: string | undefined
  label?: string
  placeholder?: string
  focus?: boolean
  onDone?: () => void
}

export function Composer(props: Props) {
  const { projectId, taskId, path, quote, label = "Comment for the agent", focus = false, onDone } = props
  const [text, setText] = useState("")
  const id = useId()
  const create = useCommand("createComment")

  function send(): void {
    const words = text.trim()
    if (!words || create.isPending) return
    const about = { ...(taskId ? { taskId } : {}), ...(path ? { path } : {}), ...(quote ? { quote } : {}) }
    create.mutate(
      { params: { p: projectId }, body: { text: words, ...about } },
      {
        onSuccess: () => {
          setText("")
          onDone?.()
        },
      },
    )
  }

  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <textarea
        id={id}
        rows={1}
        value={text}
        // biome-ignore lint/a11y/noAutofocus: opened by the person who is about to write
        autoFocus={focus}
        placeholder={props.placeholder ?? "Tell the agent, without stopping it"}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onDone?.()
          if (event.key !== "Enter" || event.shiftKey) return
          event.preventDefault()
          send()
        }}
        className={cx(inputClass, "field-sizing-content max-h-40 min-h-8 resize-none py-1.5 text-sm")}
      />
      <Button
        submit
        busy={create.isPending}
        disabled={text.trim() === ""}
        icon={<CornerDownLeft aria-hidden="true" className="size-3.5" />}
      >
        Comment
      </Button>
    </form>
  )
}

/** Comments that wait, and the last one that was seen. */
export function CommentStates({ comments }: { comments: readonly Comment[] }) {
  const waiting = comments.filter((comment) => comment.seenAt === null)
  const seen = comments.findLast((comment) => comment.seenAt !== null)
  const shown = [...(seen ? [seen] : []), ...waiting]
  if (shown.length === 0) return null
  return (
    <ul aria-label="Comments" className="mb-2 flex flex-col gap-1">
      {shown.map((comment) => (
        <li key={comment.id} className="flex items-baseline gap-2 text-sm">
          <CommentState comment={comment} />
          <span className="min-w-0 truncate text-ink-2" title={comment.text}>
            {comment.path && <span className="font-mono text-xs">{comment.path}: </span>}
            {comment.text}
          </span>
        </li>
      ))}
    </ul>
  )
}

function CommentState({ comment }: { comment: Comment }) {
  const remove = useCommand("removeComment")
  if (comment.seenAt) {
    return <span className="shrink-0 text-ok text-xs">seen {formatTime(comment.seenAt)}</span>
  }
  return (
    <span className="flex shrink-0 items-center gap-1 text-warn text-xs">
      waiting for the next turn
      <button
        type="button"
        aria-label={`Take back: ${comment.text}`}
        title="Take back"
        onClick={() => remove.mutate({ params: { p: comment.projectId, c: comment.id } })}
        className="rounded-sm text-ink-3 hover:text-ink"
      >
        <X aria-hidden="true" className="size-3.5" />
      </button>
    </span>
  )
}

export function useCommentsOn(projectId: string, fits: (comment: Comment) => boolean): Comment[] {
  return useComments(projectId).data?.filter(fits) ?? []
}
