/** aura verify: compares a certificate, or what the commits say, with a clone. Needs no server and no data directory. */
import { readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import type { Certificate } from "@aura/core"
import { certificates } from "@aura/domain"
import { type CloneVerdict, verifyClone } from "@aura/engine"
import { currentEnv } from "@aura/server"
import { findSandbox } from "@aura/workspace"
import { readArguments } from "../arguments.ts"
import { exitCode, UsageError } from "../exit.ts"

export const usage = "aura verify [CERTIFICATE.json | DIR] [--in DIR] [--run] [--key FINGERPRINT] [--json]"

const usualName = "aura-certificate.json"

type Verdict = CloneVerdict & { hasCertificate: boolean; key: string | null; open: string[] }

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      in: { type: "string" },
      run: { type: "boolean" },
      key: { type: "string" },
      json: { type: "boolean" },
    },
    1,
    usage,
  )
  const { file, dir } = await findPlaces(positionals[0], values.in)
  if (values.key !== undefined && file === undefined)
    throw new UsageError(`--key needs a certificate. Usage: ${usage}`)
  const read = file === undefined ? undefined : certificates.check(await readJson(file))
  const verdict = await judge(read, dir, values)
  process.stdout.write(values.json ? `${JSON.stringify(verdict)}\n` : toText(verdict))
  if (verdict.problems.length > 0) return exitCode.failed
  return verdict.open.length > 0 ? exitCode.unproven : exitCode.done
}

type Options = { run?: boolean | undefined; key?: string | undefined; json?: boolean | undefined }

async function judge(
  read: { certificate: Certificate | undefined; problems: string[] } | undefined,
  dir: string,
  options: Options,
): Promise<Verdict> {
  const certificate = read?.certificate
  const key = certificate ? certificates.fingerprint(certificate) : null
  const of = {
    hasCertificate: read !== undefined,
    key,
    open: certificate ? certificates.openIn(certificate) : [],
  }
  const problems = [
    ...(read?.problems ?? []),
    ...(options.key !== undefined && key !== options.key
      ? [`The certificate was signed with key ${key ?? "none"}, not ${options.key}.`]
      : []),
  ]
  if (read && !certificate) return { ...of, proofs: 0, problems, notes: [], ran: [] }
  const clone = await verifyClone({
    dir,
    certificate,
    // Nothing is run for a certificate that is not what it was.
    run: options.run && problems.length === 0 ? { sandbox: await look(), onStart: tell(options) } : undefined,
  })
  return { ...of, ...clone, problems: [...problems, ...clone.problems] }
}

async function look() {
  return await findSandbox(currentEnv().unsandboxed)
}

function tell({ json }: Options): (command: string) => void {
  return (command) => void (json || process.stdout.write(`running ${command}\n`))
}

async function findPlaces(
  named: string | undefined,
  clone: string | undefined,
): Promise<{ file: string | undefined; dir: string }> {
  const dir = clone ?? "."
  if (named !== undefined && !(await isFolder(named))) return { file: named, dir }
  const folder = named ?? dir
  const file = join(folder, usualName)
  const isThere = await stat(file).then(
    () => true,
    () => false,
  )
  return { file: isThere ? file : undefined, dir: clone ?? folder }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => {
      throw new UsageError(`There is no ${path}. Usage: ${usage}`)
    },
  )
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8")
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${path} is no JSON, so it is no certificate. aura report --format json makes one.`)
  }
}

function toText({ proofs, problems, notes, ran, hasCertificate, key, open }: Verdict): string {
  const what = `${proofs} ${proofs === 1 ? "proof" : "proofs"}`
  const good = problems.length === 0
  return [
    good ? `Verified: ${what}, each on this branch as it was made.` : `Not verified; ${what} found.`,
    ...problems.map((problem) => `  ${problem}`),
    ...(ran.length > 0 && good
      ? [`${ran.length} checks were run again on a clean checkout, and passed.`]
      : []),
    ...(open.length > 0 ? [`Neither proven nor waived: ${open.join(", ")}.`] : []),
    ...(key === null
      ? []
      : [`Signed with key ${key}. Compare it with that of whoever made it: aura verify --key.`]),
    ...(hasCertificate
      ? []
      : [
          "There is no certificate, so only what the commits say was looked at: aura report --format json makes one.",
        ]),
    ...notes,
    "",
  ].join("\n")
}
