/** Everything the app can do over HTTP: one entry per route, with the schemas that check and describe it. */
import { z } from "zod"
import { ApiKeyStatus, LanSwitch, Login, PublicUser } from "./account.ts"
import { Agent, Instance, InstanceWorkspace, Loop } from "./agent.ts"
import { Ask } from "./ask.ts"
import { AuditLine } from "./audit.ts"
import { Certificate } from "./certificate.ts"
import { Comment, CreateComment } from "./comment.ts"
import { EditorId, EditorView, InterfacePath, Pick } from "./desktop.ts"
import { FileEntry, FileText, FolderState, TextHit, TextQuery } from "./file.ts"
import { HeldOutView } from "./held-out.ts"
import { Ledger } from "./ledger.ts"
import { maxRequirementsBytes } from "./limits.ts"
import { EffortLevel, Efforts, EnteredModels, ModelView } from "./model-facts.ts"
import { paths, type RouteName } from "./paths.ts"
import { ProductProof } from "./product-proof.ts"
import {
  CountDecision,
  Host,
  LedgerEntry,
  Level,
  Plan,
  Project,
  Requirement,
  Spec,
  SpecProposal,
  Time,
  Uncounted,
} from "./project.ts"
import { ProviderId } from "./provider.ts"
import { Attention, FolderView, Hit, LogLine, Revert, TaskDiff } from "./review.ts"
import { Entry, Session } from "./session.ts"
import { Snapshot, SnapshotPreview, SnapshotRestored } from "./snapshot.ts"
import { Task, TaskStatusSchema } from "./task.ts"
import { Trace } from "./trace.ts"
import { UpdateChannel, UpdateStatus } from "./update.ts"
import { CreateWaiver, Waiver } from "./waiver.ts"

/** Every error answer. */
export const ErrorBody = z.object({
  error: z.string().describe("What happened, for a person"),
  code: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
})
export type ErrorBody = z.infer<typeof ErrorBody>

export type RouteDefinition = {
  method: "GET" | "POST" | "PUT" | "DELETE"
  path: string
  summary: string
  /** True: no token needed. */
  open?: boolean
  /** Status of the good answer; 204 has no body. */
  status: 200 | 201 | 202 | 204
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  response?: z.ZodType
  /**
   * What only the machine itself may do: `always`, or unless it is switched on for the network. With a `field`
   * only requests whose body has it.
   */
  local?: { what: LanSwitch | "always"; field?: string }
  /** True: the answer is a `text/event-stream`. */
  stream?: boolean
  /** Largest body in bytes where it differs from the server's 1 MiB. */
  bodyLimit?: number
}

type Described = Omit<RouteDefinition, "method" | "path">

function defineRoute<const N extends RouteName, const R extends Described>(name: N, route: R) {
  const [method, path] = paths[name]
  return { method, path, ...route }
}

const documentBody = 4 * maxRequirementsBytes

function list<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

const page = {
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  cursor: z.string().optional(),
  reverse: z.literal("true").optional().describe("From the end: the last rows first"),
}
const Page = z.strictObject(page)
const EntryPage = z.strictObject({ ...page, limit: z.coerce.number().int().min(1).max(10_000).optional() })
const p = z.object({ p: z.string() })
/** Where other machines reach Aura over HTTPS. */
const LanSecure = z.object({
  url: z.string(),
  fingerprint: z.string().describe("SHA-256 of the certificate, as browsers show it"),
})
const ps = p.extend({ s: z.string() })
const pt = p.extend({ t: z.string() })
const pi = p.extend({ i: z.string() })
const pis = pi.extend({ s: z.string() })
const OneLoop = z.strictObject({
  instanceId: z.string().optional().describe("Whose loop is meant; without it, all loops of the project are"),
})
const title = z.string().trim().min(1).max(500)

const SignedIn = z.object({ access_token: z.string(), expiresAt: Time, user: PublicUser })
const Accepted = z.object({ accepted: z.literal(true), plan: Plan })

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

export const RequirementsView = z.object({
  id: z.string().describe("Of this version of the document"),
  projectId: z.string(),
  version: z.number().int(),
  markdown: z.string(),
  requirements: z.array(Requirement),
  uncounted: z.array(Uncounted).describe("What else the document says, and why it counts as no requirement"),
  ledger: z.array(LedgerEntry).describe("All requirements that any version had"),
  createdAt: Time,
})
export type RequirementsView = z.infer<typeof RequirementsView>

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

export const UpdateSpec = z.strictObject({
  title: title.optional(),
  markdown: z.string().max(1_000_000).optional(),
  order: z.number().int().positive().optional().describe("The place it moves to"),
})

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
    .array(z.strictObject({ name: z.string().max(500), text: z.string().max(1_000_000) }))
    .max(20)
    .optional(),
})
export type SendMessage = z.infer<typeof SendMessage>

export const LoopState = z.object({
  status: z.enum(["idle", "running", "pausing", "paused", "stopping", "finished"]),
  loop: Loop.nullable().describe("The newest loop of the project"),
  loops: z.array(Loop).describe("The newest loop of each instance"),
})
export type LoopState = z.infer<typeof LoopState>

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

/** What keeps the model's commands in their folder. */
export const SandboxState = z.object({
  kind: z
    .enum(["bubblewrap", "seatbelt", "off", "missing"])
    .describe(
      "off: the user said that commands run unprotected; missing: none can be had, and no command runs",
    ),
  reason: z.string().nullable().describe("Why there is none, and what to do"),
})
export type SandboxState = z.infer<typeof SandboxState>

export const SettingsView = z.object({
  model: z.string(),
  fastModel: z.string(),
  fallbackModel: z
    .string()
    .nullable()
    .describe("Answers while the model cannot be reached; null = it is waited for"),
  rotateAt: z.number(),
  rotatesByPrice: z
    .boolean()
    .describe(
      "Nobody chose a share: sessions turn over where going on costs more than a fresh one, at most at rotateAt",
    ),
  efforts: z
    .object({ plan: EffortLevel, work: EffortLevel, chat: EffortLevel })
    .describe("How hard the model thinks"),
  models: EnteredModels.describe("Facts that were entered about models, by id"),
  budgetUsd: z.number().nullable(),
  modelBaseUrl: z.string(),
  dataDir: z.string(),
  version: z.string(),
  lanAllows: z.array(LanSwitch).describe("What other machines may do that is off for them otherwise"),
  editor: EditorId.nullable().describe("The user's own editor; null = the first that is found"),
  updateChannel: UpdateChannel,
  lanUrl: z.string().nullable().describe("Where other machines reach Aura; null = they do not"),
  lanSecure: LanSecure.nullable().describe("The same over HTTPS, with a certificate of this install"),
  sandbox: SandboxState,
})
export type SettingsView = z.infer<typeof SettingsView>
export const UpdateSettings = z
  .strictObject({
    model: z.string().min(1).max(200).nullable(),
    fastModel: z.string().min(1).max(200).nullable(),
    fallbackModel: z.string().min(1).max(200).nullable(),
    rotateAt: z.number().min(0.05).max(0.95).nullable(),
    efforts: Efforts.partial(),
    models: EnteredModels,
    budgetUsd: z.number().nonnegative().nullable(),
    lanAllows: z.array(LanSwitch),
    editor: EditorId.nullable(),
    updateChannel: UpdateChannel,
  })
  .partial()
export type UpdateSettings = z.infer<typeof UpdateSettings>

const where = {
  projectId: z.string().optional().describe("Makes `path` relative to that project's workspace"),
  path: z.string().max(4096),
}
/** Whose key; Anthropic's unless told. */
const ofProvider = z.strictObject({ provider: ProviderId.optional() })

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

export const api = {
  health: defineRoute("health", {
    open: true,
    status: 200,
    summary: "Is it up",
    response: z.object({ status: z.literal("ok"), version: z.string() }),
  }),

  exchangeCode: defineRoute("exchangeCode", {
    open: true,
    status: 200,
    summary: "One-use sign-in code → token",
    body: z.strictObject({ code: z.string().max(200) }),
    response: SignedIn,
  }),
  register: defineRoute("register", {
    open: true,
    status: 201,
    summary: "Set a password with a sign-in code",
    body: z.strictObject({
      email: z.email().max(300),
      password: z.string().min(8, "a password needs at least 8 characters").max(1000),
      displayName: z.string().max(200).optional(),
      code: z.string().max(200).optional(),
    }),
    response: SignedIn,
  }),
  login: defineRoute("login", {
    open: true,
    status: 200,
    summary: "E-mail and password → token",
    body: z.strictObject({ email: z.string().max(300), password: z.string().max(1000) }),
    response: SignedIn,
  }),
  getLogin: defineRoute("getLogin", {
    status: 200,
    summary: "Who am I",
    response: z.object({ user: PublicUser, expiresAt: Time }),
  }),
  renewLogin: defineRoute("renewLogin", {
    status: 200,
    summary: "A later token for this login, until 30 days after it was signed in",
    response: SignedIn,
  }),
  logout: defineRoute("logout", {
    status: 204,
    summary: "End this login at once",
  }),
  createTicket: defineRoute("createTicket", {
    status: 201,
    summary: "One-use token for a socket, good for 30 s",
    response: z.object({ ticket: z.string(), expiresAt: Time, now: Time.describe("The server's clock") }),
  }),
  createPairing: defineRoute("createPairing", {
    status: 201,
    summary: "A one-use code that signs another device in within five minutes",
    response: z.object({
      code: z.string(),
      url: z.string().describe("Opens Aura with the code"),
      svg: z.string().describe("The url as a QR code; the secure one where there is one"),
      secure: LanSecure.nullable().describe("Opens Aura with the code over HTTPS"),
      expiresAt: Time,
    }),
  }),
  setPassword: defineRoute("setPassword", {
    status: 204,
    summary: "Set the owner's e-mail and password; from the machine itself only",
    local: { what: "always" },
    body: z.strictObject({ email: z.email().max(320), password: z.string().min(8).max(1000) }),
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
  listAudit: defineRoute("listAudit", {
    status: 200,
    summary: "The audit log, newest first; the cursor is the number of the last line given",
    query: z.strictObject({
      limit: page.limit,
      cursor: z.coerce.number().int().positive().optional(),
    }),
    response: list(AuditLine),
  }),
  listLogins: defineRoute("listLogins", {
    status: 200,
    summary: "Devices that are signed in",
    response: list(Login.extend({ isCurrent: z.boolean() })),
  }),
  endLogin: defineRoute("endLogin", {
    status: 204,
    summary: "Sign one device out",
    params: z.object({ id: z.string() }),
  }),
  endAllLogins: defineRoute("endAllLogins", {
    status: 204,
    summary: "Sign out everywhere, this device and tokens for scripts included",
  }),
  createSignInLink: defineRoute("createSignInLink", {
    status: 201,
    summary: "A fresh one-use sign-in link",
    response: z.object({ url: z.string(), code: z.string(), expiresAt: Time }),
  }),

  getSettings: defineRoute("getSettings", {
    status: 200,
    summary: "Settings in force",
    response: SettingsView,
  }),
  updateSettings: defineRoute("updateSettings", {
    status: 200,
    summary: "Change settings; null = back to the default",
    local: { what: "always", field: "lanAllows" },
    body: UpdateSettings,
    response: SettingsView,
  }),
  listModels: defineRoute("listModels", {
    status: 200,
    summary: "What is known about the models in use: window, price, thinking, end of life",
    response: z.object({ items: z.array(ModelView), next: z.null() }),
  }),
  getApiKey: defineRoute("getApiKey", {
    status: 200,
    summary: "Is a key set, and is it good",
    query: ofProvider,
    response: ApiKeyStatus,
  }),
  setApiKey: defineRoute("setApiKey", {
    status: 200,
    summary: "Store a key, encrypted, and check it with the provider",
    query: ofProvider,
    body: z.strictObject({ key: z.string().trim().min(8).max(500) }),
    response: ApiKeyStatus,
  }),
  removeApiKey: defineRoute("removeApiKey", {
    status: 204,
    summary: "Forget the stored key",
    query: ofProvider,
  }),

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
  getRequirements: defineRoute("getRequirements", {
    status: 200,
    summary: "The document and its numbered requirements",
    params: p,
    response: RequirementsView,
  }),
  saveRequirements: defineRoute("saveRequirements", {
    status: 200,
    summary: "A new version of the document",
    params: p,
    body: z.strictObject({ markdown: z.string() }),
    response: RequirementsView,
    bodyLimit: documentBody,
  }),
  decideCount: defineRoute("decideCount", {
    status: 200,
    summary: "Say that a statement of the document is a requirement, or none",
    params: p,
    body: CountDecision,
    response: RequirementsView,
  }),
  getLedger: defineRoute("getLedger", {
    status: 200,
    summary: "Every requirement the document ever had, and how it stands",
    params: p,
    response: Ledger,
  }),
  listWaivers: defineRoute("listWaivers", {
    status: 200,
    summary: "Requirements that people go without proof of",
    params: p,
    query: Page,
    response: list(Waiver),
  }),
  listHeldOut: defineRoute("listHeldOut", {
    status: 200,
    summary: "Held-out checks, without their commands and files: the agent at work must not see them",
    params: p,
    query: Page,
    response: list(HeldOutView),
  }),
  listProductProofs: defineRoute("listProductProofs", {
    status: 200,
    summary: "Rounds in which the whole product was tried before it counts as done, the newest first",
    params: p,
    query: Page,
    response: list(ProductProof),
  }),
  createWaiver: defineRoute("createWaiver", {
    status: 201,
    summary: "Go without proof of a requirement, as it is said now",
    params: p,
    body: CreateWaiver,
    response: Waiver,
  }),
  removeWaiver: defineRoute("removeWaiver", {
    status: 204,
    summary: "Ask for proof again",
    params: p.extend({ w: z.string() }),
  }),
  getTrace: defineRoute("getTrace", {
    status: 200,
    summary: "From a requirement, FILE:LINE, a commit or a task to all that leads there, and back",
    params: p,
    query: z.strictObject({ of: z.string().trim().min(1).max(4200) }),
    response: Trace,
  }),
  getReport: defineRoute("getReport", {
    status: 200,
    summary: "What was proven and decided, as a certificate, or for people as HTML or Markdown",
    params: p,
    query: z.strictObject({ format: z.enum(["json", "html", "markdown"]).default("json") }),
    response: z.union([Certificate, z.string().describe("The text, as text/html or text/markdown")]),
  }),
  getProgress: defineRoute("getProgress", {
    status: 200,
    summary: "How far, at what price, and what is unproven",
    params: p,
    response: Progress,
  }),

  createRehearsal: defineRoute("createRehearsal", {
    status: 201,
    summary: "A project of the bundled rehearsal, in a folder of its own",
    response: Project,
  }),

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
    body: z.strictObject({ planId: z.string().describe("Of the proposal that was looked at") }),
    response: Spec,
  }),
  discardProposal: defineRoute("discardProposal", {
    status: 204,
    summary: "Forget the proposed version",
    params: ps,
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
  listSnapshots: defineRoute("listSnapshots", {
    status: 200,
    summary: "The folder as it was before tasks and before commands that may cost files, oldest first",
    params: p,
    query: Page,
    response: list(Snapshot),
  }),
  takeSnapshot: defineRoute("takeSnapshot", {
    status: 201,
    summary: "Keep the folder as it is now",
    params: p,
    response: Snapshot,
  }),
  previewSnapshot: defineRoute("previewSnapshot", {
    status: 200,
    summary: "What going back to a snapshot would do to the folder, path by path",
    params: p.extend({ id: z.string() }),
    response: SnapshotPreview,
  }),
  restoreSnapshot: defineRoute("restoreSnapshot", {
    status: 200,
    summary: "Make the folder as it was; how it is now is kept as a snapshot first",
    params: p.extend({ id: z.string() }),
    response: SnapshotRestored,
  }),
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
  getTaskOutput: defineRoute("getTaskOutput", {
    status: 200,
    summary: "All that happened for a task, checks included",
    params: pt,
    response: TaskOutput,
  }),

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
    params: pi,
    body: SendMessage,
    response: Message,
  }),
  sendMessageStream: defineRoute("sendMessageStream", {
    status: 200,
    stream: true,
    summary: "The same, answered as an event stream",
    params: pi,
    body: SendMessage,
  }),

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

  streamEvents: defineRoute("streamEvents", {
    status: 200,
    stream: true,
    summary: "Stored events after `after`, then live ones",
    query: z.strictObject({
      after: z.coerce.number().int().min(0).optional(),
      project: z.string().optional(),
    }),
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

  listFiles: defineRoute("listFiles", {
    status: 200,
    summary: "A folder inside an attached workspace",
    body: z.strictObject(where),
    response: z.object({ path: z.string(), items: z.array(FileEntry), next: z.null() }),
  }),
  readFile: defineRoute("readFile", {
    status: 200,
    summary: "A text file inside an attached workspace",
    body: z.strictObject(where),
    response: FileText,
  }),
  writeFile: defineRoute("writeFile", {
    status: 200,
    summary: "Write a text file inside an attached workspace",
    body: z.strictObject({
      ...where,
      content: z.string(),
      ifDigest: z
        .string()
        .optional()
        .describe("Refuse when the file is no longer this, with what it is now; empty = there is none"),
    }),
    response: FileText,
    bodyLimit: 32 * 1024 * 1024,
  }),
  moveFile: defineRoute("moveFile", {
    status: 204,
    summary: "Give a file or folder inside an attached workspace another path; nothing is written over",
    body: z.strictObject({ ...where, to: z.string().max(4096) }),
  }),
  removeFile: defineRoute("removeFile", {
    status: 204,
    summary: "Remove a file inside an attached workspace; a snapshot of the folder is kept first",
    body: z.strictObject({ projectId: z.string(), path: z.string().max(4096) }),
  }),
  getFolder: defineRoute("getFolder", {
    status: 200,
    summary: "All files of a project's workspace, and what differs from the last commit",
    params: p,
    response: FolderState,
  }),
  findInFolder: defineRoute("findInFolder", {
    status: 200,
    summary: "Where a text stands in the files of a project's workspace, at most a thousand places",
    params: p,
    body: TextQuery,
    response: z.object({ items: z.array(TextHit), isCut: z.boolean(), next: z.null() }),
  }),
  readCommitted: defineRoute("readCommitted", {
    status: 200,
    summary: "A text file of a project's workspace as it is in the last commit",
    body: z.strictObject({ projectId: z.string(), path: z.string().max(4096) }),
    response: z.object({ content: z.string().nullable().describe("null: it is not there") }),
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

  getUpdateStatus: defineRoute("getUpdateStatus", {
    status: 200,
    summary: "Is there a newer Aura, and is it here",
    response: UpdateStatus,
  }),
  checkUpdate: defineRoute("checkUpdate", {
    status: 200,
    summary: "Look for a newer Aura now; it is fetched in the background",
    local: { what: "always" },
    response: UpdateStatus,
  }),
  installUpdate: defineRoute("installUpdate", {
    status: 200,
    summary: "Install what was fetched; 409 while an agent is at work",
    local: { what: "always" },
    response: UpdateStatus,
  }),
} satisfies Record<RouteName, RouteDefinition>

export type Api = typeof api
