/** Agents, their instances and sessions, and talking with them. */

import { z } from "zod"
import { Agent, Instance, InstanceWorkspace } from "../agent.ts"
import { EffortLevel } from "../model-facts.ts"
import { Time } from "../project.ts"
import { Entry, Session } from "../session.ts"
import { defineRoute, list, Page, p, page, pi, pis, title } from "./route.ts"

const EntryPage = z.strictObject({
  ...page,
  limit: z.coerce.number().int().min(1).max(10_000).optional(),
  withheld: z
    .literal("shown")
    .optional()
    .describe("Also what sessions said that write held-out checks. Keep it from where the agent reads."),
})

const agentFields = {
  name: title,
  role: z.string().max(500),
  personality: z.string().max(20_000),
  systemPrompt: z.string().max(100_000),
  skills: z.array(z.string().max(200)).max(100),
  model: z.string().min(1).max(200).nullable(),
  effort: EffortLevel.nullable().describe("How hard its model thinks; null = as Settings say"),
}

export const SaveAgent = z.strictObject(agentFields).partial().required({ name: true })
export type SaveAgent = z.infer<typeof SaveAgent>

export const UpdateAgent = z.strictObject(agentFields).partial()
export type UpdateAgent = z.infer<typeof UpdateAgent>

export const CreateInstance = z.strictObject({
  agentId: z.string().optional(),
  name: title.optional(),
  workspace: InstanceWorkspace,
})
export type CreateInstance = z.infer<typeof CreateInstance>

export const UpdateInstance = z.strictObject({
  name: title.optional(),
  workspace: InstanceWorkspace.optional(),
})
export type UpdateInstance = z.infer<typeof UpdateInstance>

export const Message = z.object({
  id: z.string(),
  sessionId: z.string(),
  role: z.enum(["user", "assistant"]),
  text: z.string(),
  at: Time,
})
export type Message = z.infer<typeof Message>

export const SendMessage = z.strictObject({
  text: z.string().trim().min(1).max(100_000),
  attachments: z
    .array(
      z.union([
        z.strictObject({ name: z.string().max(500), text: z.string().max(1_000_000) }),
        z.strictObject({
          name: z.string().max(500),
          data: z.base64().max(14_000_000).describe("A picture or a PDF"),
        }),
      ]),
    )
    .max(20)
    .optional(),
})
export type SendMessage = z.infer<typeof SendMessage>

const messageBody = 24 * 1024 * 1024

export const agentRoutes = {
  listAgents: defineRoute("listAgents", {
    status: 200,
    summary: "Agent templates",
    query: Page,
    response: list(Agent),
  }),
  createAgent: defineRoute("createAgent", {
    status: 201,
    summary: "A new agent template",
    body: SaveAgent,
    response: Agent,
  }),
  getAgent: defineRoute("getAgent", {
    status: 200,
    summary: "One template",
    params: z.object({ a: z.string() }),
    response: Agent,
  }),
  updateAgent: defineRoute("updateAgent", {
    status: 200,
    summary: "Change a template",
    params: z.object({ a: z.string() }),
    body: UpdateAgent,
    response: Agent,
  }),
  removeAgent: defineRoute("removeAgent", {
    status: 204,
    summary: "Remove a template",
    params: z.object({ a: z.string() }),
  }),
  listInstances: defineRoute("listInstances", {
    status: 200,
    summary: "Agents at work in a project",
    params: p,
    query: Page,
    response: list(Instance),
  }),
  createInstance: defineRoute("createInstance", {
    status: 201,
    summary: "Put an agent to work in a project",
    local: { what: "folders", field: "workspace" },
    params: p,
    body: CreateInstance,
    response: Instance,
  }),
  getInstance: defineRoute("getInstance", {
    status: 200,
    summary: "One instance",
    params: pi,
    response: Instance,
  }),
  updateInstance: defineRoute("updateInstance", {
    status: 200,
    summary: "Rename an instance or move its workspace",
    params: pi,
    body: UpdateInstance,
    response: Instance,
  }),
  removeInstance: defineRoute("removeInstance", {
    status: 204,
    summary: "Take an agent off a project",
    params: pi,
  }),
  listSessions: defineRoute("listSessions", {
    status: 200,
    summary: "Sessions of an instance, oldest first",
    params: pi,
    query: Page,
    response: list(Session),
  }),
  getSession: defineRoute("getSession", {
    status: 200,
    summary: "One session",
    params: pis,
    response: Session,
  }),
  listEntries: defineRoute("listEntries", {
    status: 200,
    summary: "What happened in a session, in order",
    params: pis,
    query: EntryPage,
    response: list(Entry),
  }),
  listMessages: defineRoute("listMessages", {
    status: 200,
    summary: "The chat with an agent",
    params: pi,
    query: Page,
    response: list(Message),
  }),
  sendMessage: defineRoute("sendMessage", {
    status: 202,
    summary: "Say something; the reply arrives on the event stream",
    bodyLimit: messageBody,
    params: pi,
    body: SendMessage,
    response: Message,
  }),
  sendMessageStream: defineRoute("sendMessageStream", {
    status: 200,
    stream: true,
    summary: "The same, answered as an event stream",
    bodyLimit: messageBody,
    params: pi,
    body: SendMessage,
  }),
}
