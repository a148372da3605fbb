/** Specs in the making: finished drafts in a line, the one being written as it grows. */
import { cx } from "../../components/cx.ts"
import { Markdown } from "../../components/Markdown.tsx"
import { Spinner } from "../../components/Spinner.tsx"
import { withoutTitle } from "./specs.logic.ts"

type Draft = { index: number; title: string; markdown: string }

export function SpecDrafts({ drafts }: { drafts: readonly Draft[] }) {
  if (drafts.length === 0) {
    return (
      <p className="py-10 text-center text-ink-3 text-sm">
        Reading the requirements. The first spec appears here.
      </p>
    )
  }
  return (
    <ol className="mt-3 flex flex-col">
      {drafts.map((draft, place) => (
        <li key={draft.index} className="animate-arrive border-line border-b py-3 last:border-0">
          <Draft draft={draft} number={place + 1} live={place === drafts.length - 1} />
        </li>
      ))}
    </ol>
  )
}

function Draft({ draft, number, live }: { draft: Draft; number: number; live: boolean }) {
  const text = withoutTitle(draft.markdown, draft.title)
  if (live) {
    return (
      <>
        <Head number={number} title={draft.title} live />
        <div
          className={cx(
            "mt-2 flex max-h-80 flex-col justify-end overflow-hidden pl-9",
            text.length > 900 && "[mask-image:linear-gradient(transparent,black_4rem)]",
          )}
        >
          <Markdown text={text} live small />
        </div>
      </>
    )
  }
  return (
    <details>
      <summary className="-mx-2 rounded-md px-2 hover:bg-hover">
        <Head number={number} title={draft.title} />
      </summary>
      <Markdown text={text} small className="mt-2 pl-9" />
    </details>
  )
}

function Head({ number, title, live = false }: { number: number; title: string; live?: boolean }) {
  return (
    <span className="flex items-center gap-4">
      <span className="w-5 shrink-0 text-right text-ink-3 tabular-nums">{number}</span>
      <span className="min-w-0 flex-1 truncate font-medium text-md">{title || "…"}</span>
      {live && <Spinner className="text-accent" />}
    </span>
  )
}
