/** Who asks a rule for something, and from where. Each rule that not everybody may use says so beside its noun. */
import { AuraError } from "@aura/core"

export type Caller =
  | {
      kind: "person"
      name: string
      role: "owner" | "member"
      /** At Aura's own machine: signed in there, and asking from there. */
      isHere: boolean
    }
  /** A model at work, by its tools. */
  | { kind: "agent"; projectId: string; instanceId: string }
  /** The program itself, such as when it replays what a person decided. */
  | { kind: "aura"; name: string }

/** @throws AuraError `forbidden` for an agent. @param deed such as "change settings" */
export function refuseAgents(caller: Caller, deed: string): void {
  if (caller.kind !== "agent") return
  throw new AuraError("forbidden", `Only a person may ${deed}. Ask for it, and wait for the answer.`)
}

/** @throws AuraError `forbidden` for an agent, and for a person who does not own this install */
export function needOwner(caller: Caller, deed: string): void {
  refuseAgents(caller, deed)
  if (caller.kind === "person" && caller.role !== "owner")
    throw new AuraError("forbidden", `Only the owner of this Aura may ${deed}.`)
}

/** As decisions name who made them. */
export function nameOf(caller: Caller): string {
  return caller.kind === "agent" ? "an agent" : caller.name
}
