/** Makes a project's certificate: every proof and decision as a hash chain, signed with a key of the install. */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign } from "node:crypto"
import type {
  Ask,
  Certificate,
  CertificateFact,
  Evidence,
  ProductProof,
  ProofFacts,
  RequirementsDocument,
  Task,
  Waiver,
} from "@aura/core"
import { type Aura, timestamp } from "../aura.ts"
import { get as getProject } from "../projects.ts"
import { current } from "../requirements/document.ts"
import * as ledger from "../requirements/ledger.ts"
import { digestOf } from "./canonical.ts"

type Unsigned = Omit<Certificate, "key" | "signature">

export async function makeCertificate(aura: Aura, projectId: string): Promise<Certificate> {
  const project = await getProject(aura, projectId)
  const document = await current(aura, projectId)
  const tasks = await aura.store.list("tasks", { projectId })
  const waivers = await aura.store.list("waivers", { projectId })
  const asks = await aura.store.list("asks", { projectId })
  const rounds = await aura.store.list("productProofs", { projectId })
  const documents = await aura.store.list("documents", { projectId })
  const { items } = await ledger.get(aura, projectId)
  const head: Omit<Unsigned, "links" | "end"> = {
    kind: "aura-certificate",
    format: 1,
    madeAt: timestamp(aura),
    aura: aura.config.version,
    project: { id: project.id, name: project.name, costUsd: project.usage.costUsd },
    document: {
      version: document.version,
      digest: createHash("sha256").update(document.markdown).digest("hex"),
    },
    requirements: items.map(({ line: _line, unsure: _unsure, waiver: _waiver, ...row }) => row),
    tasks: tasks.map((task) => ({
      id: task.id,
      title: task.title,
      status: task.status,
      commit: task.commit ?? null,
      isCommitMissing: task.missingCommit !== undefined && task.missingCommit.waivedAt === undefined,
      requirementIds: task.requirementIds,
      costUsd: task.usage.costUsd,
    })),
  }
  const facts = [
    ...tasks.flatMap(proofsOf),
    ...tasks.flatMap(decisionsOn),
    ...waivers.map(toWaiver),
    ...asks.flatMap(toAnswer),
    ...rounds.map((round) => toRound(round, documents)),
  ]
  const chained = chain(
    head,
    facts.toSorted((a, b) => (a.at < b.at ? -1 : 1)),
  )
  // Through JSON once, so that what is signed is what is handed over.
  return signCertificate(JSON.parse(JSON.stringify(chained)), signingKey(aura))
}

/** What is certain of a piece of evidence; output is left out but for its digest. */
export function toFacts(taskId: string, evidence: Evidence): ProofFacts {
  return {
    taskId,
    at: evidence.at,
    treeHash: evidence.treeHash,
    place: "clean checkout",
    checks: evidence.checks.map(({ output: _output, kept: _kept, ...check }) => check),
    requirements: evidence.requirements ?? {},
    environment: evidence.environment ?? null,
    foreignFiles: evidence.foreignFiles,
    uncommitted: evidence.uncommitted ?? [],
    findings: evidence.findings ?? [],
    keepsBehaviour: evidence.keepsBehaviour ?? null,
    ...(evidence.heldOut ? { heldOut: evidence.heldOut } : {}),
    ...(evidence.unnoticed ? { unnoticed: evidence.unnoticed } : {}),
    ...(evidence.reviews ? { reviews: evidence.reviews } : {}),
  }
}

/** The trailer of a commit that binds its evidence to it. */
export function evidenceTrailer(taskId: string, evidence: Evidence): string {
  return `Aura-Evidence: sha256:${digestOf(toFacts(taskId, evidence))}`
}

export function chain(head: Omit<Unsigned, "links" | "end">, facts: readonly CertificateFact[]): Unsigned {
  const links: Certificate["links"] = []
  let end = digestOf(head)
  for (const [i, fact] of facts.entries()) {
    const link = { n: i + 1, fact, previous: end }
    end = digestOf(link)
    links.push({ ...link, hash: end })
  }
  return { ...head, links, end }
}

export function signCertificate(chained: Unsigned, key: KeyObject): Certificate {
  const { x = "" } = createPublicKey(key).export({ format: "jwk" })
  return {
    ...chained,
    key: Buffer.from(x, "base64url").toString("base64"),
    signature: sign(null, Buffer.from(chained.end, "hex"), key).toString("base64"),
  }
}

/** Ed25519, derived from the secret that the install has anyway. */
function signingKey({ keys }: Pick<Aura, "keys">): KeyObject {
  const seed = Buffer.from(hkdfSync("sha256", keys.signing, keys.installId, "aura certificate", 32))
  const head = Buffer.from("302e020100300506032b657004220420", "hex")
  return createPrivateKey({ key: Buffer.concat([head, seed]), format: "der", type: "pkcs8" })
}

function proofsOf(task: Task): CertificateFact[] {
  const { title, filesChanged } = task
  const files = filesChanged.map(({ path }) => path)
  const toProof = (
    evidence: Evidence,
    commit: string | undefined,
    superseded: { at: string; reason: string | null } | null,
  ): CertificateFact => {
    const facts = toFacts(task.id, evidence)
    const of = { kind: "proof", by: "Aura", at: evidence.at } as const
    return { ...of, title, commit: commit ?? null, files, facts, digest: digestOf(facts), superseded }
  }
  const earlier = (task.earlier ?? []).map((one) =>
    toProof(one.evidence, one.commit, { at: one.reopenedAt, reason: one.reason ?? null }),
  )
  return task.evidence ? [...earlier, toProof(task.evidence, task.commit, null)] : earlier
}

/** A person's words, where it is not stored who. */
const somebody = "a person"

function decisionsOn({ id, title, missingCommit, acceptedAt }: Task): CertificateFact[] {
  const of = { kind: "decision", by: somebody, about: id } as const
  return [
    ...(missingCommit?.waivedAt
      ? [{ ...of, at: missingCommit.waivedAt, what: "went_on_without_commit" as const, text: title }]
      : []),
    ...(acceptedAt ? [{ ...of, at: acceptedAt, what: "accepted" as const, text: title }] : []),
  ]
}

function toWaiver({ requirementId, reason, by, createdAt }: Waiver): CertificateFact {
  return { kind: "decision", at: createdAt, by, what: "waived", about: requirementId, text: reason }
}

function toAnswer({ taskId, question, status, answeredAt, answer }: Ask): CertificateFact[] {
  if (!answeredAt || !taskId || (status !== "allowed" && status !== "refused")) return []
  const text = answer?.reason ? `${question} Because: ${answer.reason}` : question
  return [{ kind: "decision", at: answeredAt, by: answer?.by ?? somebody, what: status, about: taskId, text }]
}

/** One round in which the whole product was tried. */
function toRound(round: ProductProof, documents: readonly RequirementsDocument[]): CertificateFact {
  const { at, treeHash, outcome, why, proven, failures, by: tried, documentId } = round
  const documentVersion = documents.find(({ id }) => id === documentId)?.version ?? null
  return { kind: "product", at, by: "Aura", tried, treeHash, documentVersion, outcome, why, proven, failures }
}
