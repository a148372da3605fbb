/** Tasks and what came of them. */

import { z } from "zod"
import { Loop } from "../agent.ts"
import { Revert, TaskDiff } from "../review.ts"
import { Entry } from "../session.ts"
import { Task, TaskStatusSchema } from "../task.ts"
import { defineRoute, list, Page, p, pt, title } from "./route.ts"

export const CreateTask = z.strictObject({
  specId: z.string(),
  title,
  description: z.string().max(100_000),
  dependsOn: z.array(z.string()).optional(),
  requirementIds: z.array(z.string()).optional(),
  checks: z.array(z.string().min(1).max(4000)).optional(),
  parentTaskId: z.string().optional(),
})
export type CreateTask = z.infer<typeof CreateTask>

export const UpdateTask = z
  .strictObject({
    title,
    description: z.string().max(100_000),
    order: z.number().int().positive(),
    dependsOn: z.array(z.string()),
    requirementIds: z.array(z.string()),
    checks: z.array(z.string().min(1).max(4000)),
  })
  .partial()
export type UpdateTask = z.infer<typeof UpdateTask>

export const TaskOutput = z.object({
  task: Task,
  entries: z.array(Entry),
})
export type TaskOutput = z.infer<typeof TaskOutput>

export const taskRoutes = {
  listTasks: defineRoute("listTasks", {
    status: 200,
    summary: "Tasks in order",
    params: p,
    query: Page,
    response: list(Task),
  }),
  createTask: defineRoute("createTask", {
    status: 201,
    summary: "Add a task",
    params: p,
    body: CreateTask,
    response: Task,
  }),
  getTask: defineRoute("getTask", {
    status: 200,
    summary: "One task",
    params: pt,
    response: Task,
  }),
  updateTask: defineRoute("updateTask", {
    status: 200,
    summary: "Edit a task",
    params: pt,
    body: UpdateTask,
    response: Task,
  }),
  removeTask: defineRoute("removeTask", {
    status: 204,
    summary: "Remove a task nothing depends on",
    params: pt,
  }),
  transitionTask: defineRoute("transitionTask", {
    status: 200,
    summary: "Move a task by hand, where that is legal",
    params: pt,
    body: z.strictObject({ status: TaskStatusSchema, reason: z.string().max(4000).optional() }),
    response: Task,
  }),
  retryTask: defineRoute("retryTask", {
    status: 200,
    summary: "Make a failed or blocked task ready again, with a note for the agent",
    params: pt,
    body: z.strictObject({ note: z.string().max(20_000).optional() }).nullish(),
    response: Task,
  }),
  runTask: defineRoute("runTask", {
    status: 202,
    summary: "Work on just this task",
    params: pt,
    response: Loop,
  }),
  splitTask: defineRoute("splitTask", {
    status: 200,
    summary: "Cut a task that has not begun into parts that follow each other",
    params: pt,
    body: z.strictObject({
      parts: z
        .array(z.strictObject({ title, description: z.string().max(100_000).optional() }))
        .min(2)
        .max(20),
    }),
    response: z.object({ items: z.array(Task) }),
  }),
  mergeTask: defineRoute("mergeTask", {
    status: 200,
    summary: "Join another task that has not begun into this one",
    params: pt,
    body: z.strictObject({ taskId: z.string() }),
    response: Task,
  }),
  checkCommits: defineRoute("checkCommits", {
    status: 200,
    summary:
      "Look whether the commits of done tasks are still on the branch; gives the tasks whose commit is missing",
    params: p,
    response: z.object({ items: z.array(Task) }),
  }),
  bringBackTask: defineRoute("bringBackTask", {
    status: 200,
    summary: "Move the branch and the folder forward to a task's missing commit",
    params: pt,
    response: Task,
  }),
  waiveTask: defineRoute("waiveTask", {
    status: 200,
    summary: "Go on without a task's missing commit",
    params: pt,
    response: Task,
  }),
  acceptTask: defineRoute("acceptTask", {
    status: 200,
    summary: "Say that the result of a done task was looked at and is good",
    params: pt,
    response: Task,
  }),
  getTaskDiff: defineRoute("getTaskDiff", {
    status: 200,
    summary: "What a task changed, file by file",
    params: pt,
    response: TaskDiff,
  }),
  revertTask: defineRoute("revertTask", {
    status: 200,
    summary: "Take back one file or one part of it in the folder; nothing is committed",
    params: pt,
    body: Revert,
    response: z.object({ path: z.string(), reverted: z.literal(true) }),
  }),
  getTaskOutput: defineRoute("getTaskOutput", {
    status: 200,
    summary: "All that happened for a task, checks included",
    params: pt,
    response: TaskOutput,
  }),
}
