/** Access: aura password sets the owner's password, aura pair signs in another device. */
import { createInterface } from "node:readline"
import { AuraError } from "@aura/core"
import { currentEnv, findServer, openServer } from "@aura/server"
import { renderUnicodeCompact } from "uqr"
import { readArguments } from "../arguments.ts"
import { exitCode, UsageError } from "../exit.ts"

export const passwordUsage = "aura password E-MAIL"
export const pairUsage = "aura pair"

/** Sets the owner's e-mail and password; the password is read from standard input and not shown. */
export async function runPassword(args: readonly string[]): Promise<number> {
  const { positionals } = readArguments(args, {}, 1, passwordUsage)
  const email = positionals[0]
  if (!email) throw new UsageError(`An e-mail address is missing. Usage: ${passwordUsage}`)
  const password = await readSecret(`Password for ${email} (8 letters at least, not shown): `)
  const server = await openServer(currentEnv(), { isLooking: true })
  try {
    await server.client.call("setPassword", { body: { email, password } })
    process.stdout.write("The password is set.\n")
    return exitCode.done
  } finally {
    await server.close()
  }
}

/** Prints a one-use code for another device, as text, address and QR code. */
export async function runPair(args: readonly string[]): Promise<number> {
  readArguments(args, {}, 0, pairUsage)
  const server = await findServer(currentEnv())
  if (!server)
    throw new AuraError(
      "service_unavailable",
      "No Aura is running on this data directory. Start one: npx aura serve --host 0.0.0.0",
    )
  const { code, url, secure } = await server.client.call("createPairing", {})
  const { lanUrl } = await server.client.call("getSettings", {})
  process.stdout.write(
    `${renderUnicodeCompact(secure?.url ?? url)}\n${secure?.url ?? url}\nThe code ${code} works once, for five minutes.\n`,
  )
  if (secure)
    process.stdout.write(
      `The other device warns of a certificate that it does not know. Go on only if its SHA-256 fingerprint is\n${secure.fingerprint}\nWithout encryption: ${url}\n`,
    )
  if (lanUrl === null)
    process.stdout.write("Only this machine reaches this Aura. For others: npx aura serve --host 0.0.0.0\n")
  return exitCode.done
}

/** One line of standard input; on a terminal what is typed is not shown. */
async function readSecret(question: string): Promise<string> {
  const { stdin, stderr } = process
  const reader = createInterface({ input: stdin, terminal: stdin.isTTY })
  if (stdin.isTTY) stderr.write(question)
  try {
    for await (const line of reader) return line
    throw new UsageError(`A password is missing. Usage: ${passwordUsage}`)
  } finally {
    reader.close()
    if (stdin.isTTY) stderr.write("\n")
  }
}
