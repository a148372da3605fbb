/** Status as a shape and a word, never as colour alone. */
import type { TaskStatus } from "@aura/core"
import { cx } from "./cx.ts"

export const statusWords: Readonly<Record<TaskStatus, string>> = {
  pending: "pending",
  ready: "ready",
  in_progress: "in progress",
  done: "done",
  failed: "failed",
  blocked: "blocked",
}

const colors: Readonly<Record<TaskStatus, string>> = {
  pending: "text-ink-3",
  ready: "text-ink-2",
  in_progress: "text-accent",
  done: "text-ok",
  failed: "text-bad",
  blocked: "text-warn",
}

export function StatusIcon({ status, className }: { status: TaskStatus; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className={cx("size-4 shrink-0", colors[status], className)}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <Shape status={status} />
    </svg>
  )
}

function Shape({ status }: { status: TaskStatus }) {
  switch (status) {
    case "pending":
      return <circle cx="8" cy="8" r="6" strokeDasharray="2.2 2.51" />
    case "ready":
      return <circle cx="8" cy="8" r="6" />
    case "in_progress":
      return (
        <>
          <circle cx="8" cy="8" r="6" />
          <path
            d="M8 4.6a3.4 3.4 0 0 1 0 6.8z"
            fill="currentColor"
            stroke="none"
            className="animate-breathe"
          />
        </>
      )
    case "done":
      return (
        <>
          <circle cx="8" cy="8" r="6.8" fill="currentColor" stroke="none" />
          <path d="m5.2 8.2 2 2 3.6-4.2" stroke="var(--surface)" />
        </>
      )
    case "failed":
      return (
        <>
          <circle cx="8" cy="8" r="6.8" fill="currentColor" stroke="none" />
          <path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" stroke="var(--surface)" />
        </>
      )
    case "blocked":
      return (
        <>
          <circle cx="8" cy="8" r="6" />
          <path d="M5.4 8h5.2" />
        </>
      )
  }
}

export function StatusWord({ status, className }: { status: TaskStatus; className?: string }) {
  return <span className={cx("whitespace-nowrap", colors[status], className)}>{statusWords[status]}</span>
}
