/** The hand-off from one session to the next: the facts Aura knows and the model's text. */
import type { HandOff } from "@aura/core"
import { CornerDownRight } from "lucide-react"
import type { ReactNode } from "react"
import { Markdown } from "./Markdown.tsx"

export function HandOffCard({ handOff, action }: { handOff: HandOff; action?: ReactNode }) {
  return (
    <section aria-label="Hand-off" className="rounded-lg border border-line bg-surface">
      <header className="flex flex-wrap items-center gap-x-2 border-b border-line px-4 py-2.5">
        <CornerDownRight aria-hidden="true" className="size-4 text-accent" />
        <h3 className="whitespace-nowrap text-sm font-semibold">Hand-off</h3>
        <span className="text-sm text-ink-3">what was carried into the next session</span>
        <span className="ml-auto">{action}</span>
      </header>
      <div className="flex flex-col gap-4 px-4 py-3.5">
        {handOff.taskTitle && (
          <Part title="Task">
            {handOff.taskTitle}
            {handOff.specTitle && <span className="text-ink-3"> · {handOff.specTitle}</span>}
          </Part>
        )}
        {handOff.nextStep && <Part title="Next step">{handOff.nextStep}</Part>}
        <Lines title="Decisions" lines={handOff.decisions} />
        <Lines title="Tried without success" lines={handOff.failedApproaches} />
        <Lines title="Files changed" lines={handOff.filesChanged} mono />
        <Lines
          title="Commands"
          mono
          lines={handOff.commands.map((ran) => `${ran.command}  → exit ${ran.exitCode ?? "none"}`)}
        />
        {handOff.summary && (
          <Part title="Summary">
            <Markdown text={handOff.summary} small />
          </Part>
        )}
      </div>
    </section>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h4 className="mb-1 text-xs font-medium text-ink-3">{title}</h4>
      <div className="text-base wrap-anywhere">{children}</div>
    </div>
  )
}

function Lines({ title, lines, mono }: { title: string; lines: readonly string[]; mono?: boolean }) {
  if (lines.length === 0) return null
  return (
    <Part title={title}>
      <ul className={mono ? "font-mono text-xs leading-5" : "list-disc pl-4"}>
        {[...new Set(lines)].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Part>
  )
}
