/** What a proposed change would make of a task or a spec: each field as it is and as it would be. */
import type { ProposedChange as Change } from "@aura/core"
import { toFields } from "./proposed-change.logic.ts"

export function ProposedChange({ change }: { change: Change }) {
  return (
    <section aria-label={`Change of ${change.title}`} className="mt-3 flex flex-col gap-3 pl-7.5">
      {toFields(change).map(({ name, before, after }) => (
        <div key={name} className="grid gap-2 sm:grid-cols-2">
          <Side label={`${name} now`} text={before} />
          <Side label={`${name} then`} text={after} />
        </div>
      ))}
    </section>
  )
}

function Side({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <h3 className="mb-1 text-ink-3 text-sm">{label}</h3>
      <pre className="max-h-64 overflow-auto whitespace-pre-wrap rounded border border-line bg-sunken px-2 py-1.5 font-mono text-sm wrap-anywhere">
        {text || "(none)"}
      </pre>
    </div>
  )
}
