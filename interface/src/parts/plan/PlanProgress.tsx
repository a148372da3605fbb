/** A line about planning in progress, with a button to stop it, or about why it failed. */
import type { Plan } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { CircleAlert } from "lucide-react"
import { useCommand } from "../../api/commands.ts"
import { useSessions } from "../../api/queries/agents.ts"
import { Banner } from "../../components/Banner.tsx"
import { Button } from "../../components/Button.tsx"
import { Elapsed } from "../../components/Elapsed.tsx"
import { count, formatMoney, formatTime, formatTokens } from "../../components/format.ts"
import { Spinner } from "../../components/Spinner.tsx"

const doing = {
  specs: "Writing specs",
  tasks: "Extracting tasks",
  spec: "Writing a new version",
  look_over: "Looking the document over",
} as const
const made = { specs: "spec", tasks: "task", spec: "version", look_over: "finding" } as const

export function PlanProgress({ plan, made: number }: { plan: Plan; made: number }) {
  const stop = useCommand("stopPlan")
  const session = useSessions(plan.projectId).data?.find((row) => row.id === plan.sessionId)
  return (
    <div className="flex items-center gap-3 rounded-lg border border-line bg-sunken px-4 py-2.5">
      <Spinner className={plan.waiting ? "text-warn" : "text-accent"} />
      <p className="mr-auto min-w-0 text-sm">
        <span role="status" className="font-medium">
          {doing[plan.step]}
          {number > 0 && (
            <span className="font-normal text-ink-2"> · {count(number, made[plan.step])} so far</span>
          )}
        </span>
        {plan.waiting && (
          <span className="block text-ink-2">
            {plan.waiting.reason} Trying again at {formatTime(plan.waiting.until)}.
          </span>
        )}
        <span className="text-ink-3 tabular-nums">
          {" · "}
          <Elapsed since={Date.parse(plan.startedAt)} />
          {session && session.usage.outputTokens > 0 && (
            <>
              {" · "}
              {formatTokens(session.usage.outputTokens)} tokens written · {formatMoney(session.usage.costUsd)}
            </>
          )}
        </span>
      </p>
      <Button
        size="small"
        busy={stop.isPending}
        onClick={() => stop.mutate({ params: { p: plan.projectId } })}
      >
        Stop
      </Button>
    </div>
  )
}

export function PlanFailure({ plan }: { plan: Plan }) {
  if (plan.status === "finished" || plan.status === "running") return null
  const what = plan.status === "stopped" ? "was stopped" : "did not finish"
  return (
    <Banner
      tone={plan.status === "stopped" ? "warn" : "bad"}
      icon={<CircleAlert aria-hidden="true" className="size-4 shrink-0" />}
    >
      {doing[plan.step]} {what}. {plan.reason}{" "}
      {plan.outcome === "provider" && (
        <Link to="/settings" className="whitespace-nowrap font-medium underline underline-offset-3">
          Check the key
        </Link>
      )}
    </Banner>
  )
}
