export { evidenceTrailer, makeCertificate as make } from "./certificate.ts"
export {
  checkCertificate as check,
  fingerprint,
  openIn,
  type Proof,
  proofsIn,
  type Round,
  roundsIn,
} from "./check-certificate.ts"
export { toHtml, toMarkdown } from "./report.ts"
