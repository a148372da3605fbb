/** The store of what streams but is not stored yet; `live` feeds it, screens read it. */
import type { AuraEvent, LiveEvent } from "@aura/core"
import { create } from "zustand"
import { now } from "./clock.ts"
import { type Drafts, foldDrafts, noDrafts, type PlanDrafts, type SessionDrafts } from "./drafts.logic.ts"

const useDrafts = create<Drafts>(() => noDrafts)

export function foldIntoDrafts(events: readonly (AuraEvent | LiveEvent)[]): void {
  useDrafts.setState((drafts) => foldDrafts(drafts, events, now()))
}

/** After a gap in the stream half-heard text would have holes; the stored entries will tell the rest. */
export function clearDrafts(): void {
  useDrafts.setState(noDrafts)
}

export function useSessionDrafts(sessionId: string | undefined): SessionDrafts | undefined {
  return useDrafts((drafts) => (sessionId ? drafts.sessions[sessionId] : undefined))
}

export function usePlanDrafts(projectId: string): PlanDrafts | undefined {
  return useDrafts((drafts) => drafts.plans[projectId])
}
