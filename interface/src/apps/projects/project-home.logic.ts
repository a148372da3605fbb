/** Where a project is opened: at the step it has come to. Pure. */
import type { Loop, Plan } from "@aura/core"
import { hasResult } from "../../parts/proof/proof.logic.ts"

const steps = { specs: "specs", tasks: "tasks", spec: "specs", look_over: "requirements" } as const

export type Step = "requirements" | "specs" | "tasks" | "run" | "proof"

export function findStep(
  specs: number,
  tasks: number,
  plan: Pick<Plan, "status" | "step"> | undefined,
  loop: Loop | undefined,
): Step {
  if (plan?.status === "running") return steps[plan.step]
  if (tasks > 0) return hasResult(loop) ? "proof" : "run"
  return specs > 0 ? "specs" : "requirements"
}
