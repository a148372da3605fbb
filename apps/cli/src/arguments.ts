/** Reads command-line arguments; whatever does not fit is a sentence, not a stack. */
import { type ParseArgsConfig, parseArgs } from "node:util"
import { UsageError } from "./exit.ts"

type Options = NonNullable<ParseArgsConfig["options"]>

/**
 * @param args what follows the command's name
 * @param most how many arguments without a flag it takes
 * @throws UsageError
 */
export function readArguments<const O extends Options>(
  args: readonly string[],
  options: O,
  most: number,
  usage: string,
) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    if (parsed.positionals.length > most) throw new Error(`unexpected "${parsed.positionals[most]}"`)
    return parsed
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split(". ")[0] ?? cause.message) : String(cause)
    throw new UsageError(`${why}. Usage: ${usage}`)
  }
}

export function toNumber(text: string | undefined, name: string, usage: string): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === "" || !Number.isFinite(value) || value < 0)
    throw new UsageError(`${name} must be a number, not "${text}". Usage: ${usage}`)
  return value
}
