/** Projects, what they may do, how far they are, and what needs a person. */

import { z } from "zod"
import { Ask } from "../ask.ts"
import { Host, Level, Project, Time } from "../project.ts"
import { Projection } from "../projection.ts"
import { Recap } from "../recap.ts"
import { Attention, FolderView } from "../review.ts"
import { TaskStatusSchema } from "../task.ts"
import { defineRoute, documentBody, list, Page, p, title } from "./route.ts"

const projectFields = {
  name: title,
  description: z.string().max(20_000),
  workspacePath: z.string().max(4096),
  buildCommand: z.string().max(4000).nullable(),
  testCommand: z.string().max(4000).nullable(),
  model: z.string().min(1).max(200).nullable(),
  budgetUsd: z.number().nonnegative().nullable(),
  heldOut: Project.shape.heldOut.unwrap(),
  productProof: Project.shape.productProof.unwrap(),
  review: Project.shape.review.unwrap(),
  mutation: Project.shape.mutation.unwrap(),
  reviewerAgentId: z.string().nullable(),
}

export const CreateProject = z.strictObject({
  name: projectFields.name,
  description: projectFields.description.optional(),
  requirements: z.string().describe("The markdown itself"),
  workspacePath: projectFields.workspacePath.optional(),
  buildCommand: projectFields.buildCommand.optional(),
  testCommand: projectFields.testCommand.optional(),
  model: projectFields.model.optional(),
  budgetUsd: projectFields.budgetUsd.optional(),
  heldOut: projectFields.heldOut.optional(),
  productProof: projectFields.productProof.optional(),
  review: projectFields.review.optional(),
  mutation: projectFields.mutation.optional(),
  reviewerAgentId: projectFields.reviewerAgentId.optional(),
  rehearsal: z.boolean().optional().describe("True: the bundled screenplay speaks for the model"),
})
export type CreateProject = z.infer<typeof CreateProject>

export const UpdateProject = z.strictObject(projectFields).partial()
export type UpdateProject = z.infer<typeof UpdateProject>

export const SetLevel = z.strictObject({
  level: Level,
  hosts: z.array(Host).max(100).optional(),
  confirm: z.string().optional().describe("The project's name, for level 4"),
})
export type SetLevel = z.infer<typeof SetLevel>

export const Progress = z.object({
  counts: z.record(TaskStatusSchema, z.number().int()),
  total: z.number().int(),
  percent: z.number().min(0).max(100).describe("Share of tasks that are done"),
  tokens: z.object({
    input: z.number().int(),
    cacheWrite: z.number().int(),
    cacheRead: z.number().int(),
    output: z.number().int(),
  }),
  costUsd: z.number(),
  budgetUsd: z.number().nullable(),
  elapsedMs: z.number().describe("Time spent planning and looping so far"),
  sessions: z.number().int(),
  unprovenRequirements: z.array(z.string()).describe("Requirements with no done task to prove them"),
})
export type Progress = z.infer<typeof Progress>

export const projectRoutes = {
  listProjects: defineRoute("listProjects", {
    status: 200,
    summary: "All projects, newest first",
    query: Page,
    response: list(Project),
  }),
  createProject: defineRoute("createProject", {
    status: 201,
    summary: "A project from a requirements document",
    local: { what: "folders", field: "workspacePath" },
    body: CreateProject,
    response: Project,
    bodyLimit: documentBody,
  }),
  getProject: defineRoute("getProject", {
    status: 200,
    summary: "One project",
    params: p,
    response: Project,
  }),
  updateProject: defineRoute("updateProject", {
    status: 200,
    summary: "Change a project",
    local: { what: "folders", field: "workspacePath" },
    params: p,
    body: UpdateProject,
    response: Project,
  }),
  removeProject: defineRoute("removeProject", {
    status: 204,
    summary: "Forget a project; its folder is left alone",
    params: p,
  }),
  archiveProject: defineRoute("archiveProject", {
    status: 200,
    summary: "Put a project away",
    params: p,
    response: Project,
  }),
  unarchiveProject: defineRoute("unarchiveProject", {
    status: 200,
    summary: "Bring a project back",
    params: p,
    response: Project,
  }),
  createRehearsal: defineRoute("createRehearsal", {
    status: 201,
    summary: "A project of the bundled rehearsal, in a folder of its own",
    response: Project,
  }),
  setLevel: defineRoute("setLevel", {
    status: 200,
    summary:
      "Change what a project's agents may do; 4 asks for its name typed, ends after 8 hours, and is set on the machine itself only",
    local: { what: "permissions" },
    params: p,
    body: SetLevel,
    response: Project,
  }),
  getProgress: defineRoute("getProgress", {
    status: 200,
    summary: "How far, at what price, and what is unproven",
    params: p,
    response: Progress,
  }),
  getProjection: defineRoute("getProjection", {
    status: 200,
    summary: "What the plan will cost and how long it will take: low, expected, high",
    params: p,
    response: Projection,
  }),
  getRecap: defineRoute("getRecap", {
    status: 200,
    summary: "What happened since a time: proven, not proven and why, spent, changed, and what waits",
    params: p,
    query: z.strictObject({
      since: Time.optional().describe("Without it: since the last run began"),
    }),
    response: Recap,
  }),
  listAttention: defineRoute("listAttention", {
    status: 200,
    summary: "What needs a person, over all projects, newest first",
    response: z.object({ items: z.array(Attention) }),
  }),
  viewFolder: defineRoute("viewFolder", {
    status: 200,
    summary: "The folders inside a folder of this machine, to choose one to work in",
    local: { what: "folders" },
    body: z.strictObject({ path: z.string().max(4096).optional() }),
    response: FolderView,
  }),
  listProjectAsks: defineRoute("listProjectAsks", {
    status: 200,
    summary: "What a project's agents asked for, newest first",
    params: p,
    query: Page,
    response: list(Ask),
  }),
  listAsks: defineRoute("listAsks", {
    status: 200,
    summary: "What agents asked for in all projects, newest first",
    query: Page,
    response: list(Ask),
  }),
  answerAsk: defineRoute("answerAsk", {
    status: 200,
    summary: "Allow or refuse; the task that waited is ready again",
    local: { what: "permissions" },
    params: z.object({ a: z.string() }),
    body: z.strictObject({
      allow: z.boolean(),
      reason: z
        .string()
        .trim()
        .min(1)
        .max(2000)
        .optional()
        .describe("Needed to overrule a review or to discard a held-out check"),
    }),
    response: Ask,
  }),
}
