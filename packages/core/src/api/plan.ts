/** Specs, and making specs and tasks with the model. */

import { z } from "zod"
import { Building, Plan, Project, Spec, SpecProposal } from "../project.ts"
import { defineRoute, list, Page, p, ps, title } from "./route.ts"

const Accepted = z.object({ accepted: z.literal(true), plan: Plan })

const keepDone = z
  .boolean()
  .optional()
  .describe("True: done tasks of the spec stay done, although it says something else now")

export const UpdateSpec = z.strictObject({
  title: title.optional(),
  markdown: z.string().max(1_000_000).optional(),
  order: z.number().int().positive().optional().describe("The place it moves to"),
  keepDone,
})

export const planRoutes = {
  listSpecs: defineRoute("listSpecs", {
    status: 200,
    summary: "Specs, most foundational first",
    params: p,
    query: Page,
    response: list(Spec),
  }),
  getSpec: defineRoute("getSpec", {
    status: 200,
    summary: "One spec",
    params: ps,
    response: Spec,
  }),
  updateSpec: defineRoute("updateSpec", {
    status: 200,
    summary: "Edit a spec",
    params: ps,
    body: UpdateSpec,
    response: Spec,
  }),
  regenerateSpec: defineRoute("regenerateSpec", {
    status: 202,
    summary: "Start writing one spec anew; the result waits as its proposal",
    params: ps,
    body: z.strictObject({ note: z.string().max(20_000).optional() }).nullish(),
    response: Accepted,
  }),
  getProposal: defineRoute("getProposal", {
    status: 200,
    summary: "The proposed version of a spec, as a diff against the present one",
    params: ps,
    response: z.object({ proposal: SpecProposal, diff: z.string().describe("Unified") }),
  }),
  acceptProposal: defineRoute("acceptProposal", {
    status: 200,
    summary: "Put the proposed version in the place of the present one",
    params: ps,
    body: z.strictObject({ planId: z.string().describe("Of the proposal that was looked at"), keepDone }),
    response: Spec,
  }),
  discardProposal: defineRoute("discardProposal", {
    status: 204,
    summary: "Forget the proposed version",
    params: ps,
  }),
  build: defineRoute("build", {
    status: 202,
    summary: "Write specs, extract tasks and work them, one after the other, from where the project stands",
    params: p,
    body: z.strictObject({ upTo: Building.shape.upTo.optional().describe("all by default") }).nullish(),
    response: Project,
  }),
  lookOver: defineRoute("lookOver", {
    status: 202,
    summary: "Start looking the document over; what it finds is kept with the plan",
    params: p,
    response: Accepted,
  }),
  generateSpecs: defineRoute("generateSpecs", {
    status: 202,
    summary: "Start writing specs; progress on the event stream",
    params: p,
    response: Accepted,
  }),
  generateSpecsStream: defineRoute("generateSpecsStream", {
    status: 200,
    stream: true,
    summary: "The same, answered as an event stream",
    params: p,
  }),
  extractTasks: defineRoute("extractTasks", {
    status: 202,
    summary: "Start making tasks from the specs; with requirementIds, only tasks for these are added",
    params: p,
    body: z
      .strictObject({
        requirementIds: z
          .array(z.string().regex(/^R\d+$/))
          .min(1)
          .max(1000),
      })
      .nullish(),
    response: Accepted,
  }),
  stopPlan: defineRoute("stopPlan", {
    status: 202,
    summary: "Stop the planning that is going on; the old plan stays",
    params: p,
    response: z.object({ stopped: z.boolean() }),
  }),
  listPlans: defineRoute("listPlans", {
    status: 200,
    summary: "Attempts to plan, oldest first",
    params: p,
    response: list(Plan),
  }),
}
