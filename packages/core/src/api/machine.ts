/** What runs on the machine: commands, terminals, windows and editors. */

import { z } from "zod"
import { EditorView, InterfacePath, Pick } from "../desktop.ts"
import { Time } from "../project.ts"
import { defineRoute, list, where } from "./route.ts"

/** A command that runs now. */
export const RunningCommandView = z.object({
  id: z.string().describe("`/ws/commands/:id` shows what it prints"),
  command: z.string(),
  by: z.enum(["agent", "check"]),
  startedAt: Time,
  memoryBytes: z.number(),
  processes: z.array(z.string()).describe("Names, at most 20"),
  processCount: z.number().int(),
})
export type RunningCommandView = z.infer<typeof RunningCommandView>

export const OutputPart = z.object({
  text: z.string().describe("At most 256 kB"),
  from: z.number().int(),
  bytes: z.number().int().describe("Size of all of it"),
})

export const TerminalView = z.object({
  id: z.string(),
  projectId: z.string().nullable(),
  cwd: z.string(),
  title: z.string(),
  cols: z.number().int(),
  rows: z.number().int(),
  createdAt: Time,
})
export type TerminalView = z.infer<typeof TerminalView>

export const machineRoutes = {
  listCommands: defineRoute("listCommands", {
    status: 200,
    summary: "Commands of the agent and checks that run now, with all they started",
    params: z.object({ p: z.string() }),
    response: list(RunningCommandView),
  }),
  getOutput: defineRoute("getOutput", {
    status: 200,
    summary: "A part of an output that was too long to be shown whole",
    params: z.object({ p: z.string(), name: z.string() }),
    query: z.object({ from: z.coerce.number().int().nonnegative().default(0).describe("Byte to begin at") }),
    response: OutputPart,
  }),
  getMedia: defineRoute("getMedia", {
    status: 200,
    summary: "A picture or PDF that a model was shown, by the name its entry has for it",
    params: z.object({ p: z.string(), name: z.string().regex(/^[0-9a-f]{64}$/) }),
    response: z.object({ data: z.string().describe("Base64") }),
  }),
  listTerminals: defineRoute("listTerminals", {
    status: 200,
    summary: "Open terminals",
    local: { what: "terminals" },
    response: list(TerminalView),
  }),
  createTerminal: defineRoute("createTerminal", {
    status: 201,
    summary: "Open a shell of the user's own",
    local: { what: "terminals" },
    body: z
      .strictObject({
        projectId: z.string().optional(),
        cols: z.number().int().min(2).max(1000).optional(),
        rows: z.number().int().min(2).max(1000).optional(),
      })
      .nullish(),
    response: TerminalView,
  }),
  removeTerminal: defineRoute("removeTerminal", {
    status: 204,
    summary: "End a terminal and all it started",
    local: { what: "terminals" },
    params: z.object({ id: z.string() }),
  }),
  attachWindow: defineRoute("attachWindow", {
    status: 200,
    stream: true,
    summary: "Be Aura's window: what is asked of it, for as long as the stream is open",
    local: { what: "always" },
  }),
  answerWindow: defineRoute("answerWindow", {
    status: 204,
    summary: "The window's answer to what it was asked; null = the person chose nothing",
    local: { what: "always" },
    params: z.object({ id: z.string() }),
    body: z.strictObject({
      path: z.string().max(4096).nullable(),
      problem: z.string().max(2000).optional().describe("Why it could not be asked"),
    }),
  }),
  openWindow: defineRoute("openWindow", {
    status: 204,
    summary:
      "Bring Aura's window to the front; with a path, open a window on it, or go there in the one that shows that project's editor; 409 when there is none",
    local: { what: "always" },
    body: z.strictObject({ path: InterfacePath.optional() }).nullish(),
  }),
  pickPath: defineRoute("pickPath", {
    status: 200,
    summary: "Choose a folder or file in the system's own dialog; null = cancelled",
    local: { what: "always" },
    body: z.strictObject({ kind: Pick, title: z.string().max(200).optional() }),
    response: z.object({ path: z.string().nullable() }),
  }),
  notify: defineRoute("notify", {
    status: 204,
    summary: "Tell something by the system's own notifications",
    local: { what: "always" },
    body: z.strictObject({
      title: z.string().trim().min(1).max(200),
      body: z.string().max(1000),
      path: InterfacePath.optional().describe("Opened when it is clicked"),
    }),
  }),
  listEditors: defineRoute("listEditors", {
    status: 200,
    summary: "Editors found on Aura's own machine; the first is used unless Settings name another",
    local: { what: "always" },
    response: list(EditorView),
  }),
  openInEditor: defineRoute("openInEditor", {
    status: 204,
    summary: "Open a file or folder of an attached workspace in the user's own editor",
    local: { what: "always" },
    body: z.strictObject({ ...where, line: z.number().int().min(1).optional() }),
  }),
  revealPath: defineRoute("revealPath", {
    status: 204,
    summary: "Show a file or folder of an attached workspace in the file manager",
    local: { what: "always" },
    body: z.strictObject(where),
  }),
}
