/** Loops: running, steering and following the work. */

import { z } from "zod"
import { Loop } from "../agent.ts"
import { Comment, CreateComment } from "../comment.ts"
import { Hit, LogLine } from "../review.ts"
import { defineRoute, list, Page, p } from "./route.ts"

const OneLoop = z.strictObject({
  instanceId: z.string().optional().describe("Whose loop is meant; without it, all loops of the project are"),
})

export const LoopState = z.object({
  status: z.enum(["idle", "running", "pausing", "paused", "stopping", "finished"]),
  loop: Loop.nullable().describe("The newest loop of the project"),
  loops: z.array(Loop).describe("The newest loop of each instance"),
})
export type LoopState = z.infer<typeof LoopState>

export const loopRoutes = {
  startLoop: defineRoute("startLoop", {
    status: 202,
    summary: "Start the loop; 409 when it runs",
    params: p,
    body: z.strictObject({ instanceId: z.string().optional() }).nullish(),
    response: Loop,
  }),
  pauseLoop: defineRoute("pauseLoop", {
    status: 202,
    summary: "Pause at the next tool boundary, keeping the task; or after the task at hand",
    params: p,
    body: OneLoop.extend({ after: z.enum(["step", "task"]).optional() }).nullish(),
    response: Loop,
  }),
  resumeLoop: defineRoute("resumeLoop", {
    status: 202,
    summary: "Go on",
    params: p,
    body: OneLoop.nullish(),
    response: Loop,
  }),
  skipTask: defineRoute("skipTask", {
    status: 202,
    summary: "Leave the task at hand, at the next tool boundary, and go on with the next",
    params: p,
    body: OneLoop.nullish(),
    response: Loop,
  }),
  stopLoop: defineRoute("stopLoop", {
    status: 202,
    summary: "Stop; the task is released",
    params: p,
    body: OneLoop.nullish(),
    response: Loop,
  }),
  getLoop: defineRoute("getLoop", {
    status: 200,
    summary: "What the loop is doing",
    params: p,
    response: LoopState,
  }),
  listComments: defineRoute("listComments", {
    status: 200,
    summary: "What was said to the agents of a project",
    params: p,
    query: Page,
    response: list(Comment),
  }),
  createComment: defineRoute("createComment", {
    status: 201,
    summary: "Say something that goes to the agent's next turn",
    params: p,
    body: CreateComment,
    response: Comment,
  }),
  removeComment: defineRoute("removeComment", {
    status: 204,
    summary: "Take back a comment that was not seen yet",
    params: p.extend({ c: z.string() }),
  }),
  streamEvents: defineRoute("streamEvents", {
    status: 200,
    stream: true,
    summary: "Stored events after `after`, then live ones",
    query: z.strictObject({
      after: z.coerce.number().int().min(0).optional(),
      project: z.string().optional(),
    }),
  }),
  listLog: defineRoute("listLog", {
    status: 200,
    summary: "Stored events in a few words each, oldest first",
    query: z.strictObject({
      after: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(1000).optional(),
      project: z.string().optional(),
    }),
    response: z.object({ items: z.array(LogLine), head: z.number().int() }),
  }),
  searchLog: defineRoute("searchLog", {
    status: 200,
    summary: "Stored events of one project, of one kind, or about what went wrong; newest first",
    query: z.strictObject({
      project: z.string().optional(),
      kind: z.string().max(40).optional().describe("The noun of their type, such as `task`"),
      problems: z.literal("true").optional(),
      before: z.coerce.number().int().min(1).optional(),
      limit: z.coerce.number().int().min(1).max(1000).optional(),
    }),
    response: z.object({
      items: z.array(LogLine),
      next: z
        .number()
        .int()
        .nullable()
        .describe("`before` of the next page; null when nothing older is left"),
    }),
  }),
  search: defineRoute("search", {
    status: 200,
    summary: "Projects, requirements, specs, tasks and entries that hold these words",
    query: z.strictObject({ q: z.string().max(200), project: z.string().optional() }),
    response: z.object({ items: z.array(Hit) }),
  }),
}
