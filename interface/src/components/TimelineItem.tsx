/** One item of a timeline, whatever it is. */
import { CircleAlert, Info, TriangleAlert } from "lucide-react"
import { memo, type ReactNode } from "react"
import { CheckCard } from "./CheckCard.tsx"
import { cx } from "./cx.ts"
import { Fold } from "./Fold.tsx"
import { useFold } from "./fold.ts"
import { HandOffCard } from "./HandOffCard.tsx"
import { Markdown } from "./Markdown.tsx"
import { ToolCard } from "./ToolCard.tsx"
import type { Item } from "./timeline.logic.ts"

/** Names a session or a task of the timeline, as a link if it has a page. */
export type RenderName = (kind: "session" | "task", id: string) => ReactNode

type Props = { item: Item; renderName?: RenderName | undefined }

export const TimelineItem = memo(function TimelineItem({ item, renderName }: Props) {
  switch (item.kind) {
    case "tool":
      return <ToolCard item={item} />
    case "check":
      return <CheckCard item={item} />
    case "text":
      return <Markdown text={item.text} live={item.live} small className="max-w-[46rem] px-2 py-1" />
    case "thinking":
      return <Folded id={item.key} title={item.live ? "Thinking…" : "Thought"} text={item.text} />
    case "prompt":
      return <Prompt item={item} />
    case "note":
      return <Note level={item.level} text={item.text} />
    case "hand_off":
      return (
        <HandOffCard
          handOff={item.handOff}
          action={item.nextSessionId && renderName?.("session", item.nextSessionId)}
        />
      )
    case "session":
    case "task":
      return (
        <div className="flex items-center gap-3 py-2 text-ink-3 text-xs">
          {renderName?.(item.kind, item.id) ?? `Another ${item.kind}`}
          <span className="h-px flex-1 bg-line" />
        </div>
      )
  }
})

const subjects: Readonly<Record<string, string>> = {
  plan: "Aura gives the document to plan from",
  task: "Aura gives the task",
  checks: "Aura reports the checks",
  nudge: "Aura reminds the agent",
  hand_off: "Aura asks for the hand-off",
  repair: "Aura explains an interruption",
  chat: "Message",
  comment: "A comment of yours",
}

function Prompt({ item }: { item: Extract<Item, { kind: "prompt" }> }) {
  if (item.from === "user") {
    return (
      <div className="ml-auto w-fit max-w-[40rem] whitespace-pre-wrap rounded-lg bg-accent-soft px-3.5 py-2 wrap-anywhere">
        {item.text}
      </div>
    )
  }
  return <Folded id={item.key} title={subjects[item.about] ?? "Aura says"} text={item.text} />
}

function Folded({ id, title, text }: { id: string; title: string; text: string }) {
  const [open, setOpen] = useFold(id, false)
  return (
    <Fold
      open={open}
      onToggle={setOpen}
      summary={
        <>
          <span className="shrink-0 text-sm text-ink-2">{title}</span>
          {!open && <span className="min-w-0 truncate text-sm text-ink-3">{firstLine(text)}</span>}
        </>
      }
    >
      <div className="my-1 ml-3.5 max-h-96 overflow-y-auto border-l border-line-strong pl-4">
        <div className="max-w-[46rem] whitespace-pre-wrap text-sm text-ink-2 wrap-anywhere">{text}</div>
      </div>
    </Fold>
  )
}

const noteIcons = { info: Info, warn: TriangleAlert, error: CircleAlert } as const
const noteColors = { info: "text-ink-3", warn: "text-warn", error: "text-bad" } as const

function Note({ level, text }: { level: "info" | "warn" | "error"; text: string }) {
  const Icon = noteIcons[level]
  return (
    <p className="flex items-start gap-2 px-2 py-1 text-sm text-ink-2">
      <Icon aria-hidden="true" className={cx("mt-0.5 size-4 shrink-0", noteColors[level])} />
      <span className="min-w-0 whitespace-pre-wrap wrap-anywhere">
        {level !== "info" && <span className="sr-only">{level === "warn" ? "Warning: " : "Error: "}</span>}
        {text}
      </span>
    </p>
  )
}

function firstLine(text: string): string {
  return (text.split("\n").find((line) => line.trim()) ?? "").replace(/^#+\s*/, "")
}
