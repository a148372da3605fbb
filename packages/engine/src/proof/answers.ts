/** What the agent is told when its "done" is not accepted. */
import type { CheckResult } from "@aura/core"
import type { Broken } from "./regression.ts"
import { describeUnfit, type Unfit } from "./worth.ts"

export function toFailure(check: CheckResult): string {
  const how = check.exitCode === null ? "did not end in time" : `ended with exit code ${check.exitCode}`
  return `Not accepted. Aura ran \`${check.command}\` on a clean checkout of what would be committed, and it ${how}:\n${check.output}\nFind the cause, fix it, and call task_done again. In that checkout are the files git takes, installed dependencies and what the build command makes; no ignored files, nothing that an earlier check or command left.`
}

export function toBroken({ task, check }: Broken): string {
  return `Not accepted: what proved the earlier task "${task.title}" fails with your change. Aura ran \`${check.command}\` twice on a clean checkout:\n${check.output}\nKeep what it proves working, and call task_done again. If your task is meant to change that, call task_blocked and say so.`
}

export function toIdle(checks: readonly CheckResult[], isUnchanged: boolean): string {
  const commands = checks.map(({ command }) => `- \`${command}\``).join("\n")
  const rest = isUnchanged
    ? "Nothing was changed, and no check of the plan is among them. Do the work; or, where the folder is right already, say why in keeps_behaviour: the task is done then, and a person decides whether its requirements count."
    : "Call task_done again with checks that fail without your work, such as a test of the new behaviour. Only where the work changes nothing that a check could show, such as a refactoring, say why in keeps_behaviour."
  return `Not accepted: these pass without your change as well, so they prove nothing about it:\n${commands}\n${rest}`
}

export function toUnproven(unfit: readonly Unfit[]): string {
  return `Not accepted: nothing proves this task yet.\n${describeUnfit(unfit)}\nCall task_done again with checks: commands that fail while the work is not right, such as a test of it (node --test FILE), or grep -q 'words that must be there' FILE for a document.`
}
