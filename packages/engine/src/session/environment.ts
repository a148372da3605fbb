/** Where the work runs, as every brief and plan tells it: day, machine, network, limits. It must not be in a system prompt, which stays the same. */
import type { Project } from "@aura/core"
import { permissions, timestamp } from "@aura/domain"
import type { Engine } from "../engine.ts"
import { checkMinutes, maxSecs, usualSecs } from "../tools/run-command.ts"

export const environmentHeading = "## Environment"

export async function describeEnvironment(engine: Engine, project: Project): Promise<string> {
  const { aura } = engine
  const machine = await engine.openPlace(project).describeMachine()
  const { level, hosts } = await permissions.of(aura, project.id)
  const network =
    level === 4
      ? "Commands may use the network."
      : level === 3 && hosts.length > 0
        ? `Commands reach these hosts and no others: ${hosts.join(", ")}.`
        : "Commands have no network but a loopback of their own: nothing can be downloaded or installed from outside."
  return [
    environmentHeading,
    `Today is ${timestamp(aura).slice(0, 10)}. The machine: ${machine}.`,
    network,
    ...(engine.browser === undefined
      ? [
          "There is no Chromium that runs in the sandbox, so no page can be looked at: check pages by other means.",
        ]
      : []),
    `A command has ${usualSecs} s by default, at most ${maxSecs} s; each check has ${checkMinutes} minutes. Of long output you see the head and the tail, and where all of it is.`,
  ].join("\n")
}
