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
const certificate = signCertificate(chain(head, [proof, waiver]), privateKey)

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
    expect(checkCertificate(change(certificate, parent, holder.toReversed())).problems.length).toBe(
      toCanonical(holder.toReversed()) === toCanonical(holder) ? 0 : 1,
    )
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
