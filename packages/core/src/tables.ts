/** Everything Aura remembers: one line per table. */
import type { z } from "zod"
import { Login, RevokedLogin, StoredSecret, StoredSettings, User } from "./account.ts"
import { Agent, Instance, Loop } from "./agent.ts"
import { Ask } from "./ask.ts"
import { Comment } from "./comment.ts"
import { HeldOutCheck } from "./held-out.ts"
import { ProductProof } from "./product-proof.ts"
import { Plan, Project, RequirementsDocument, Spec } from "./project.ts"
import { Entry, Session } from "./session.ts"
import { Snapshot } from "./snapshot.ts"
import type { Table } from "./table-names.ts"
import { Task } from "./task.ts"
import { Waiver } from "./waiver.ts"

/**
 * `by`: the columns a list may be asked by. `audience`: `shared` rows travel to clients inside events,
 * `private` rows never leave the server.
 */
export const tables = {
  projects: { schema: Project, by: [], audience: "shared" },
  documents: { schema: RequirementsDocument, by: ["projectId"], audience: "shared" },
  specs: { schema: Spec, by: ["projectId"], audience: "shared" },
  plans: { schema: Plan, by: ["projectId"], audience: "shared" },
  tasks: { schema: Task, by: ["projectId", "status"], audience: "shared" },
  agents: { schema: Agent, by: [], audience: "shared" },
  instances: { schema: Instance, by: ["projectId"], audience: "shared" },
  loops: { schema: Loop, by: ["projectId"], audience: "shared" },
  sessions: { schema: Session, by: ["projectId", "instanceId"], audience: "shared" },
  entries: { schema: Entry, by: ["sessionId", "taskId"], audience: "shared" },
  comments: { schema: Comment, by: ["projectId"], audience: "shared" },
  asks: { schema: Ask, by: ["projectId", "status"], audience: "shared" },
  snapshots: { schema: Snapshot, by: ["projectId"], audience: "shared" },
  waivers: { schema: Waiver, by: ["projectId"], audience: "shared" },
  heldOutChecks: { schema: HeldOutCheck, by: ["projectId"], audience: "private" },
  productProofs: { schema: ProductProof, by: ["projectId"], audience: "shared" },
  users: { schema: User, by: [], audience: "private" },
  logins: { schema: Login, by: [], audience: "private" },
  revokedLogins: { schema: RevokedLogin, by: [], audience: "private" },
  settings: { schema: StoredSettings, by: [], audience: "private" },
  secrets: { schema: StoredSecret, by: [], audience: "private" },
} as const satisfies Record<Table, { schema: z.ZodType; by: readonly string[]; audience: string }>

export type Row<T extends Table> = z.infer<(typeof tables)[T]["schema"]>
export type ListColumn<T extends Table> = (typeof tables)[T]["by"][number]

/** Rows to write, by table. */
export type Rows = { [T in Table]?: Row<T>[] }
/** Ids to remove, by table. */
export type Keys = { [T in Table]?: string[] }
