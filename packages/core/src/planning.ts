/** Which steps make the plan. */
import type { Plan } from "./project.ts"

/** True for the steps that a run stands on; false for what happens beside them. */
export function isPlanning({ step }: Pick<Plan, "step">): boolean {
  return step === "specs" || step === "tasks"
}
