/** Accounts: signing in, logins, other devices, and the audit log. */

import { z } from "zod"
import { Login, PublicUser } from "../account.ts"
import { AuditLine } from "../audit.ts"
import { Time } from "../project.ts"
import { defineRoute, LanSecure, list, page } from "./route.ts"

const SignedIn = z.object({ access_token: z.string(), expiresAt: Time, user: PublicUser })

export const accountRoutes = {
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
}
