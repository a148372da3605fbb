/** aura draft: a requirements document to fill in, from a template. Asks no model. */
import { writeFile } from "node:fs/promises"
import { findBlanks, templates } from "@aura/core"
import { readArguments } from "../arguments.ts"
import { exitCode, UsageError } from "../exit.ts"

const names = templates.map(({ name }) => name)

export const usage = `aura draft --template ${names.join("|")} [--out requirements.md] [--force] [--json]`

export async function run(args: readonly string[]): Promise<number> {
  const options = {
    template: { type: "string" },
    out: { type: "string" },
    force: { type: "boolean" },
    json: { type: "boolean" },
  } as const
  const { values } = readArguments(args, options, 0, usage)
  const template = templates.find(({ name }) => name === values.template)
  if (!template) {
    const why =
      values.template === undefined
        ? "Choose a template with --template"
        : `There is no template "${values.template}"`
    throw new UsageError(`${why}. The templates are ${names.join(", ")}.`)
  }
  const file = values.out ?? "requirements.md"
  if (file === "") throw new UsageError("--out needs the name of a file.")
  await write(file, template.markdown, values.force ?? false)
  const blanks = findBlanks(template.markdown)
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ file, template: template.name, blanks })}\n`
      : `${file} is written. Fill in its ${blanks.length} blanks, such as ${blanks[0]}, then run: aura run ${file} --workspace DIR\n`,
  )
  return exitCode.done
}

async function write(file: string, text: string, mayOverwrite: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: mayOverwrite ? "w" : "wx" })
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown)
    throw new UsageError(
      code === "EEXIST"
        ? `${file} is there already. Name another file with --out, or overwrite it with --force.`
        : `${file} cannot be written (${code}). Name another file with --out.`,
    )
  }
}
