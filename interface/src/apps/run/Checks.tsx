/** Verification of one task: what failed and the names in it first, then what the fixing changed. */
import type { Task } from "@aura/core"
import { CheckCard } from "../../components/CheckCard.tsx"
import { count } from "../../components/format.ts"
import { Empty } from "../../components/Placeholder.tsx"
import { Size } from "../../components/Size.tsx"
import { StatusIcon } from "../../components/StatusIcon.tsx"
import type { Item } from "../../components/timeline.logic.ts"
import { useTaskItems } from "../../parts/run/useTaskItems.ts"
import { type TaskCheck, toTaskChecks } from "./checks.logic.ts"
import { type Fix, lastResult, sortChecks, toFailingNames, toFixes } from "./failures.logic.ts"

export default function Checks({ task }: { task: Task | undefined }) {
  if (!task) return <Empty title="No task to check yet" className="py-12" />
  return <OfTask key={task.id} task={task} />
}

function OfTask({ task }: { task: Task }) {
  const { items } = useTaskItems(task)
  const checks = sortChecks(toTaskChecks(task.checks, items))
  const fixes = toFixes(items)
  if (checks.length === 0) {
    return (
      <Empty title="No checks of its own" className="py-12">
        Aura runs the project's build and tests before it calls this task done.
      </Empty>
    )
  }
  const passed = checks.filter((check) => check.state === "passed").length
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4">
      <p className="mb-3 text-ink-2 text-sm">
        {passed} of {count(checks.length, "check")} passed
      </p>
      <ul className="flex flex-col gap-2">
        {checks.map((check) => (
          <li key={check.command}>
            <Check check={check} items={items} />
          </li>
        ))}
      </ul>
      {fixes.length > 0 && (
        <section className="mt-6">
          <h3 className="mb-2 font-medium text-ink-3 text-sm">Changed after a check failed</h3>
          {fixes.map((fix) => (
            <Mending key={fix.command} fix={fix} />
          ))}
        </section>
      )}
    </div>
  )
}

function Check({ check, items }: { check: TaskCheck; items: readonly Item[] }) {
  const last = lastResult(items, check.command)
  const names = check.state === "failed" && last ? toFailingNames(last.output) : []
  if (!last) {
    return (
      <div className="flex items-center gap-2 rounded-md border border-line px-2 py-1">
        <StatusIcon status="pending" />
        <span className="min-w-0 flex-1 truncate font-mono text-xs leading-5" title={check.command}>
          {check.command}
        </span>
        <span className="text-ink-3 text-xs">waiting</span>
      </div>
    )
  }
  return (
    <>
      {names.length > 0 && (
        <ul aria-label="Failing tests" className="mb-1.5 flex flex-col gap-1">
          {names.map((name) => (
            <li key={name} className="flex items-start gap-2 text-sm">
              <StatusIcon status="failed" className="mt-0.5 size-3.5" />
              <span className="min-w-0 wrap-anywhere">{name}</span>
            </li>
          ))}
        </ul>
      )}
      <CheckCard item={{ ...last, key: `panel:${last.key}` }} />
    </>
  )
}

function Mending({ fix }: { fix: Fix }) {
  return (
    <div className="mb-3 text-sm">
      <p className="font-mono text-ink-3 text-xs leading-5 wrap-anywhere">{fix.command}</p>
      <ul className="mt-1 flex flex-col gap-0.5">
        {fix.files.map((file) => (
          <li key={file.path} className="flex items-baseline gap-3">
            <span className="min-w-0 flex-1 truncate font-mono text-xs leading-5" title={file.path}>
              {file.path}
            </span>
            <span className="text-xs">
              <Size additions={file.additions} deletions={file.deletions} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
