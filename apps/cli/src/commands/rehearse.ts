/** aura rehearse: runs the bundled screenplay in a project of its own. */

import { currentEnv, openServer } from "@aura/server"
import { readArguments } from "../arguments.ts"
import { createReporter } from "../report.ts"
import { finish } from "./run.ts"

export const usage = "aura rehearse [--json]"

export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { json: { type: "boolean" } }, 0, usage)
  const report = createReporter({ json: values.json ?? false })
  const server = await openServer(currentEnv())
  try {
    if (!values.json)
      process.stdout.write(
        "A rehearsal: the model's words come from a script; files, commands, tests and commits are real.\n",
      )
    const project = await server.client.call("createRehearsal", {})
    return await finish(server, project, report)
  } finally {
    report.end()
    await server.close()
  }
}
