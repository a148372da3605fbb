/** aura checkpoints: lists the verified copies of the store, and restores one. */
import { join } from "node:path"
import { currentEnv } from "@aura/server"
import { listCheckpoints, restoreCheckpoint } from "@aura/store"
import { readArguments } from "../arguments.ts"
import { exitCode } from "../exit.ts"

export const usage = "aura checkpoints [--restore NAME]"

export async function run(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { restore: { type: "string" } }, 0, usage)
  const dir = join(currentEnv().dataDir, "db")
  if (values.restore !== undefined) {
    const { head, movedTo } = await restoreCheckpoint(dir, values.restore)
    const aside = movedTo ? ` What was there before is kept in ${movedTo}.` : ""
    process.stdout.write(`The memory is back at event ${head}.${aside}\n`)
    return exitCode.done
  }
  const names = await listCheckpoints(dir)
  process.stdout.write(
    names.length === 0
      ? "There are no checkpoints yet; Aura makes one an hour and keeps three.\n"
      : `${names.join("\n")}\n`,
  )
  return exitCode.done
}
