import { generateKeyPairSync } from "node:crypto"
import type { CertificateFact, ProofFacts } from "@aura/core"
import fc from "fast-check"
import { expect, it } from "vitest"
import { digestOf, toCanonical } from "./canonical.ts"
import { chain, signCertificate } from "./certificate.ts"
import { checkCertificate, fingerprint } from "./check-certificate.ts"

const at = "2030-01-01T10:00:00.000Z"
const facts: ProofFacts = {
  taskId: "task_1",
  at,
  treeHash: "a".repeat(40),
  place: "clean checkout",
  checks: [
    {
      command: "npm test",
      source: "task",
      passed: true,
      exitCode: 0,
      durationMs: 12.5,
      outputDigest: "b".repeat(64),
      treeHash: "a".repeat(40),
    },
  ],
  requirements: { R1: 2 },
  environment: { aura: "1.0.0", node: "v24", os: "linux", sandbox: "bubblewrap" },
  foreignFiles: [],
  uncommitted: ["out.log"],
  findings: [{ file: "a.test.ts", line: 3, kind: "test_deleted", sentence: "A test was deleted." }],
  keepsBehaviour: null,
  heldOut: [
    {
      id: "held_1",
      requirementId: "R1",
      title: "Any a",
      treeHash: "a".repeat(40),
      durationMs: 3,
      outputDigest: "b".repeat(64),
      checkDigest: "c".repeat(64),
    },
  ],
  reviews: [
    {
      at,
      sessionId: "ses_1",
      model: "m",
      treeHash: "e".repeat(40),
      accept: false,
      findings: ["It is slow."],
    },
    { at, sessionId: "ses_2", model: "m", treeHash: "a".repeat(40), accept: true, findings: [] },
  ],
}
const proof: CertificateFact = {
  kind: "proof",
  at,
  by: "Aura",
  title: "Make a",
  commit: "c".repeat(40),
  files: ["a.txt"],
  facts,
  digest: digestOf(facts),
  superseded: null,
}
const waiver: CertificateFact = {
  kind: "decision",
  at,
  by: "Ann",
  what: "waived",
  about: "R2",
  text: "Later.",
}
const round: CertificateFact = {
  kind: "product",
  at,
  by: "Aura",
  tried: "product",
  treeHash: "a".repeat(40),
  documentVersion: 2,
  outcome: "proven",
  why: null,
  failures: [],
  proven: [{ requirementId: "R1", how: "node a.js" }],
}
const entry = { label: "FR-1", earlier: [{ text: "It has a", since: 1 }], why: null }

const head = {
  kind: "aura-certificate",
  format: 1,
  madeAt: at,
  aura: "1.0.0",
  project: { id: "prj_1", name: "Thing", costUsd: 1.5 },
  document: { version: 2, digest: "d".repeat(64) },
  requirements: [
    { ...entry, id: "R1", text: "It has an a", since: 2, state: "proven", taskIds: ["task_1"] },
    { ...entry, id: "R2", text: "It has a b", since: 1, state: "waived", why: "Later.", taskIds: [] },
  ],
  tasks: [
    {
      id: "task_1",
      title: "Make a",
      status: "done",
      commit: "c".repeat(40),
      isCommitMissing: false,
      requirementIds: ["R1"],
      costUsd: 1,
    },
  ],
} satisfies Parameters<typeof chain>[0]
const { privateKey } = generateKeyPairSync("ed25519")
const certificate = signCertificate(chain(head, [proof, waiver, round]), privateKey)

/** Every place of a value that can be changed: its leaves, and members that can be left out. */
function placesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path]
  const own = path.length > 0 ? [path] : []
  return [...own, ...Object.entries(value).flatMap(([key, field]) => placesOf(field, [...path, key]))]
}

function change(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) return by
  const copy: Record<string | number, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...Object(value) }
  const next = change(Reflect.get(copy, key), rest, by)
  if (next === undefined && Array.isArray(copy)) copy.splice(Number(key), 1)
  else if (next === undefined) Reflect.deleteProperty(copy, key)
  else Reflect.set(copy, key, next)
  return copy
}

it("accepts a certificate as it was made, through JSON and with its keys in another order", () => {
  expect(checkCertificate(JSON.parse(toCanonical(certificate))).problems).toEqual([])
  expect(fingerprint(certificate)).toMatch(/^[0-9a-f]{32}$/)
})

it("detects any field that was changed, removed or added", () => {
  const places = placesOf(certificate)
  const other = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined))
  fc.assert(
    fc.property(fc.constantFrom(...places), other, (path, by) => {
      const changed = change(certificate, path, by)
      fc.pre(toCanonical(changed) !== toCanonical(certificate))
      expect(checkCertificate(changed).problems).not.toEqual([])
    }),
    { numRuns: 2000 },
  )
  for (const path of places) {
    const parent = path.slice(0, -1)
    const holder = parent.reduce<unknown>((value, key) => Reflect.get(Object(value), key), certificate)
    if (!Array.isArray(holder)) continue
    const { problems } = checkCertificate(change(certificate, parent, holder.toReversed()))
    expect(problems.length === 0).toBe(toCanonical(holder.toReversed()) === toCanonical(holder))
  }
})

it("does not take a signer's word for a requirement that no proof is about", () => {
  const [first, ...rest] = head.requirements
  const lying = { ...head, requirements: first ? [{ ...first, since: 3 }, ...rest] : rest }
  expect(checkCertificate(signCertificate(chain(lying, [proof, waiver]), privateKey)).problems).toEqual([
    "R1 is called proven, and no proof in the certificate is about its present wording.",
  ])
})

it("does not take failed checks for a proof", () => {
  const failed = { ...facts, checks: facts.checks.map((check) => ({ ...check, passed: false, exitCode: 1 })) }
  const signed = signCertificate(
    chain(head, [{ ...proof, facts: failed, digest: digestOf(failed) }]),
    privateKey,
  )
  expect(checkCertificate(signed).problems).toEqual([
    'The proof of "Make a" holds a check that failed: npm test.',
  ])
})

it("takes held-out checks and reviews only for the files that were proven, and a rejection only where it was overruled", () => {
  const problemsOf = (change: Partial<ProofFacts>) => {
    const changed = { ...facts, ...change }
    return checkCertificate(
      signCertificate(chain(head, [{ ...proof, facts: changed, digest: digestOf(changed) }]), privateKey),
    ).problems
  }
  const { heldOut = [], reviews = [] } = facts
  const rejected = reviews.slice(0, 1)
  const overruled = { by: "Ann", reason: "It is fast enough.", at }
  expect(problemsOf({ reviews: rejected.map((one) => ({ ...one, overruled })) })).toEqual([])
  expect(problemsOf({ reviews: rejected })).toEqual([
    'No review accepted the files that the proof of "Make a" is about, and no person overruled it.',
  ])
  const elsewhere = { treeHash: "f".repeat(40) }
  expect(problemsOf({ reviews: reviews.map((one) => ({ ...one, ...elsewhere })) })).toHaveLength(1)
  expect(problemsOf({ heldOut: heldOut.map((one) => ({ ...one, ...elsewhere })) })).toEqual([
    'The held-out check "Any a" of "Make a" passed on other files than those proven.',
  ])
})
