/** Drafts as they are written: shows a spec on screen while its tool call is still streaming. */

import type { LiveEvent, Plan } from "@aura/core"
import type { ModelEvent } from "@aura/model"
import { Allow, parse } from "partial-json"
import { z } from "zod"

const Partial = z.object({ title: z.string().default(""), markdown: z.string().default("") })
const everyMs = 100
/** What is longer is not shown while it is written: reading it again and again would hold everything else up. */
const longestShown = 256 * 1024

/** @returns what to call for every model event */
export function createDraftWatch(
  plan: Plan,
  live: (event: LiveEvent) => void,
  now: () => number,
): (event: ModelEvent) => void {
  const open = new Map<number, { name: string; json: string; number: number; toldAt: number }>()
  let count = 0
  const tell = (draft: { name: string; json: string; number: number }) => {
    if (draft.json.length > longestShown) return
    const found = Partial.safeParse(toObject(draft.json))
    if (!found.success || found.data.title === "") return
    const of = { projectId: plan.projectId, planId: plan.id, index: draft.number, title: found.data.title }
    if (draft.name === "create_spec") live({ type: "spec.draft", ...of, markdown: found.data.markdown })
    else live({ type: "task.draft", ...of })
  }
  return (event) => {
    if (event.type === "waiting") {
      count -= open.size
      open.clear()
    }
    if (event.type === "reply") {
      for (const draft of open.values()) tell(draft)
      open.clear()
    }
    if (event.type === "tool_start" && (event.name === "create_spec" || event.name === "create_task")) {
      open.set(event.index, { name: event.name, json: "", number: count++, toldAt: 0 })
    }
    const draft = event.type === "tool_input" ? open.get(event.index) : undefined
    if (event.type !== "tool_input" || !draft) return
    draft.json += event.json
    if (now() - draft.toldAt < everyMs) return
    draft.toldAt = now()
    tell(draft)
  }
}

/** The stream is cut anywhere: what cannot be read yet is shown with the next piece. */
function toObject(json: string): unknown {
  try {
    return parse(json, Allow.ALL)
  } catch {
    return undefined
  }
}
