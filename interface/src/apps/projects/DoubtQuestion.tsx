/** A statement that may be a requirement in other words, or a new one: one click decides. */
import type { IdentityDecision } from "@aura/core"
import { Button } from "../../components/Button.tsx"

type Props = {
  requirementId: string
  text: string
  of: string
  before: string
  onDecide: (decision: IdentityDecision) => void
}

export function DoubtQuestion({ requirementId, text, of, before, onDecide }: Props) {
  return (
    <li className="py-2 text-sm wrap-anywhere">
      <p>
        {requirementId} {text}
      </p>
      <p className="text-ink-2">
        Is it {of} in other words, which said “{before}”, or something new?
      </p>
      <div className="mt-1 flex gap-1.5">
        <Button
          size="small"
          aria-label={`${requirementId} is ${of} in other words`}
          onClick={() => onDecide({ text, is: of })}
        >
          {of} in other words
        </Button>
        <Button
          size="small"
          aria-label={`${requirementId} is new`}
          onClick={() => onDecide({ text, is: "new" })}
        >
          New
        </Button>
      </div>
    </li>
  )
}
