/** Below the result of a finished run: how much is proven, and a link to the rest. */
import { Link } from "@tanstack/react-router"
import { useLedger } from "../../api/queries/requirements.ts"
import { buttonClass } from "../../components/Button.tsx"
import { toShare } from "./proof.logic.ts"

const maxNamed = 8

type Props = {
  projectId: string
  /** True when no task is left that could prove what is open. */
  isWorkDone: boolean
}

export function ProofLine({ projectId, isWorkDone }: Props) {
  const ledger = useLedger(projectId)
  if (!ledger.data) return null
  const { settled, total, open } = toShare(ledger.data)
  if (total === 0) return null
  const to = { to: "/projects/$projectId/proof", params: { projectId } } as const
  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 pl-4.5 text-sm">
      <Link {...to} className={buttonClass("plain", "small")}>
        {settled} of {total} requirements proven or waived
      </Link>
      {open.length > 0 && (
        <span className="flex flex-wrap items-baseline gap-x-2 text-ink-2">
          Open:
          {open.slice(0, maxNamed).map(({ id, text }) => (
            <Link
              key={id}
              {...to}
              search={{ r: id }}
              title={text}
              className="text-accent underline underline-offset-2"
            >
              {id}
            </Link>
          ))}
          {open.length > maxNamed && ` and ${open.length - maxNamed} more`}
          {isWorkDone && (
            <span>
              <Link
                to="/projects/$projectId/tasks"
                params={{ projectId }}
                className="text-accent underline underline-offset-2"
              >
                Add tasks
              </Link>{" "}
              for them, or waive them with a reason.
            </span>
          )}
        </span>
      )}
    </div>
  )
}
