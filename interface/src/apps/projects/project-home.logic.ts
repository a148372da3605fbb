/** Where a project is opened: at the step it has come to. Pure. */
import type { Plan } from "@aura/core"

export type Step = "requirements" | "specs" | "tasks" | "run"

export function findStep(
  specs: number,
  tasks: number,
  plan: Pick<Plan, "status" | "step"> | undefined,
): Step {
  if (plan?.status === "running") return plan.step === "spec" ? "specs" : plan.step
  if (tasks > 0) return "run"
  return specs > 0 ? "specs" : "requirements"
}
