/** Requirements and their proof. */

import { z } from "zod"
import { Certificate } from "../certificate.ts"
import { HeldOutView } from "../held-out.ts"
import { Ledger } from "../ledger.ts"
import { ProductProof } from "../product-proof.ts"
import { CountDecision, IdentityDecision, LedgerEntry, Requirement, Time, Uncounted } from "../project.ts"
import { Replan } from "../replan.ts"
import { Trace } from "../trace.ts"
import { CreateWaiver, Waiver } from "../waiver.ts"
import { defineRoute, documentBody, list, Page, p } from "./route.ts"

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

const requirementId = z.string().regex(/^R\d+$/)

export const DocumentChange = z.strictObject({
  markdown: z.string(),
  leaveOut: z
    .array(requirementId)
    .max(1000)
    .optional()
    .describe("Changed or new requirements that nothing is done about for now: they are waived"),
  identities: z.array(IdentityDecision).max(1000).optional().describe("Which requirement a statement is"),
  basedOn: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("The version that was looked at; refused when it is another one by now"),
})
export type DocumentChange = z.infer<typeof DocumentChange>

export const requirementRoutes = {
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
    body: DocumentChange,
    response: RequirementsView,
    bodyLimit: documentBody,
  }),
  previewRequirements: defineRoute("previewRequirements", {
    status: 200,
    summary:
      "What a new version of the document would do to the plan, and what that would cost; stores nothing",
    params: p,
    body: DocumentChange,
    response: Replan,
    bodyLimit: documentBody,
  }),
  decideIdentity: defineRoute("decideIdentity", {
    status: 200,
    summary: "Say which requirement a statement of the document is",
    params: p,
    body: IdentityDecision,
    response: RequirementsView,
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
}
