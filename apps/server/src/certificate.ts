/** The install's own certificate, for other machines on the network: created once and stored in the data directory. */
import "reflect-metadata"
import { X509Certificate } from "node:crypto"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { hostname, networkInterfaces } from "node:os"
import { join } from "node:path"
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509"

export type Certificate = {
  /** PEM. */
  key: string
  cert: string
  /** SHA-256 of the certificate as browsers show it: pairs of hex digits with colons. */
  fingerprint: string
}

/** Apple rejects manually trusted certificates that are valid for more than 825 days. */
const validMs = 800 * 24 * 60 * 60 * 1000
const renewMs = 30 * 24 * 60 * 60 * 1000
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }

/** Creates it if there is none, or if it expires within a month. */
export async function openCertificate(dataDir: string, now: () => number): Promise<Certificate> {
  const dir = join(dataDir, "tls")
  const [key, cert] = await Promise.all(
    ["key.pem", "cert.pem"].map((name) => readFile(join(dir, name), "utf8").catch(() => "")),
  )
  if (key && cert && Date.parse(new X509Certificate(cert).validTo) - now() > renewMs)
    return { key, cert, fingerprint: toFingerprint(cert) }
  const made = await make(now())
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await writeFile(join(dir, "key.pem"), made.key, { mode: 0o600 })
  await writeFile(join(dir, "cert.pem"), made.cert, { mode: 0o600 })
  return { ...made, fingerprint: toFingerprint(made.cert) }
}

async function make(now: number): Promise<{ key: string; cert: string }> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])
  const addresses = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map((one) => one.address))
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: Buffer.from(crypto.getRandomValues(new Uint8Array(8)).map((byte) => byte & 0x7f)).toString(
      "hex",
    ),
    name: "CN=Aura on this network",
    // Clocks of other devices may be behind.
    notBefore: new Date(now - 24 * 60 * 60 * 1000),
    notAfter: new Date(now + validMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "dns", value: hostname() },
        ...addresses
          .filter((address) => !address.includes("%"))
          .map((value) => ({ type: "ip" as const, value })),
      ]),
    ],
  })
  const secret = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64")
  const lines = secret.replace(/.{64}/g, "$&\n")
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
    cert: certificate.toString("pem"),
  }
}

function toFingerprint(cert: string): string {
  return new X509Certificate(cert).fingerprint256
}
