/** Whether a certificate is as it was made, and says no more than its own proofs show. */
import { createHash, createPublicKey, verify } from "node:crypto"
import { Certificate, type CertificateFact, isOpen } from "@aura/core"
import { digestOf } from "./canonical.ts"

export type CheckedCertificate = { certificate: Certificate | undefined; problems: string[] }
export type Round = Extract<CertificateFact, { kind: "product" }>
export type Proof = Extract<CertificateFact, { kind: "proof" }>

/** @param value what a file holds, read as JSON */
export function checkCertificate(value: unknown): CheckedCertificate {
  const parsed = Certificate.safeParse(value)
  if (!parsed.success) {
    const [first] = parsed.error.issues
    const where = first?.path.join(".") ?? ""
    return {
      certificate: undefined,
      problems: [`This is no certificate that Aura knows: ${where}: ${first?.message}.`],
    }
  }
  const certificate = parsed.data
  const problems = [
    ...followChain(certificate),
    ...checkSignature(certificate),
    ...checkDigests(certificate),
    ...proofsIn(certificate).flatMap(checkOpinions),
    ...checkStates(certificate),
  ]
  return { certificate, problems }
}

/** For people to compare: who made it. */
export function fingerprint({ key }: Pick<Certificate, "key">): string {
  return createHash("sha256").update(Buffer.from(key, "base64")).digest("hex").slice(0, 32)
}

/** Rounds in which the whole product was tried, oldest first. */
export function roundsIn({ links }: Certificate): Round[] {
  return links.flatMap(({ fact }) => (fact.kind === "product" ? [fact] : []))
}

export function proofsIn({ links }: Certificate): Proof[] {
  return links.flatMap(({ fact }) => (fact.kind === "proof" ? [fact] : []))
}

function followChain({ links, end, key: _key, signature: _signature, ...head }: Certificate): string[] {
  let previous = digestOf(head)
  for (const [i, { hash, ...link }] of links.entries()) {
    if (link.n !== i + 1)
      return [`Link ${i + 1} of the chain is numbered ${link.n}: one was taken out or put in.`]
    if (link.previous !== previous)
      return [
        i === 0
          ? "The requirements, the tasks or the head of the certificate were changed after it was made."
          : `Link ${link.n} of the chain does not follow the one before it.`,
      ]
    if (digestOf(link) !== hash) return [`Link ${link.n} of the chain was changed after it was made.`]
    previous = hash
  }
  return end === previous
    ? []
    : ["The end of the chain is not its last link: something was changed or left out."]
}

function checkSignature({ key, signature, end }: Certificate): string[] {
  const wrong = ["The signature does not fit: it was made with another key, or for another certificate."]
  try {
    const x = Buffer.from(key, "base64").toString("base64url")
    const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" })
    const bytes = Buffer.from(signature, "base64")
    // Texts that decode to the same bytes are one only as they are usually written.
    const isPlain =
      bytes.toString("base64") === signature && Buffer.from(key, "base64").toString("base64") === key
    return isPlain && verify(null, Buffer.from(end, "hex"), publicKey, bytes) ? [] : wrong
  } catch {
    return wrong
  }
}

function checkDigests(certificate: Certificate): string[] {
  return proofsIn(certificate).flatMap(({ facts, digest, title, at }) => [
    ...(digestOf(facts) === digest && facts.at === at
      ? []
      : [`The digest of the proof of "${title}" is wrong.`]),
    ...facts.checks
      .filter(({ passed, failedBefore }) => !passed && failedBefore !== true)
      .map(({ command }) => `The proof of "${title}" holds a check that failed: ${command}.`),
  ])
}

/** Held-out checks and reviews count for the tree that was committed; a rejection only where a person overruled it. */
function checkOpinions({ title, facts }: Proof): string[] {
  const { treeHash, heldOut = [], reviews = [] } = facts
  const isAccepted = reviews.some((one) => one.overruled || (one.accept && one.treeHash === treeHash))
  return [
    ...heldOut
      .filter((result) => result.treeHash !== treeHash)
      .map(
        (result) =>
          `The held-out check "${result.title}" of "${title}" passed on other files than those proven.`,
      ),
    ...(reviews.length === 0 || isAccepted
      ? []
      : [`No review accepted the files that the proof of "${title}" is about, and no person overruled it.`]),
  ]
}

/** A signer could sign anything: a requirement is proven only by proofs that the certificate holds. */
function checkStates(certificate: Certificate): string[] {
  const proofs = proofsIn(certificate).filter(({ superseded }) => superseded === null)
  return certificate.requirements.flatMap(({ id, state, since, taskIds }) => {
    if (state !== "proven") return []
    const isShown = proofs.some(
      ({ facts }) => taskIds.includes(facts.taskId) && (facts.requirements[id] ?? 0) === since,
    )
    return isShown
      ? []
      : [`${id} is called proven, and no proof in the certificate is about its present wording.`]
  })
}

/** Requirements that are neither proven nor waived. */
export function openIn({ requirements }: Certificate): string[] {
  return requirements.filter(isOpen).map(({ id }) => id)
}
