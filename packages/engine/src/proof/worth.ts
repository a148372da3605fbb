/** What commands are worth as proof: those that cannot fail, or ran no test, are not counted. */
import type { CheckResult } from "@aura/core"
import type { Git } from "@aura/workspace"
import { existenceOnly, provesNothing, reportsRead } from "./can-fail.ts"
import type { Command } from "./commands.ts"
import { findNoTests } from "./no-tests.ts"

export type Unfit = { command: string; why: string }

/**
 * The commands that prove nothing, whatever they end with.
 * @param of.base the tree before the work; `of.tree` the one to be proven
 */
export async function findUnfit(
  commands: readonly Command[],
  of: { git: Git; base: string; tree: string; asked: string },
): Promise<Unfit[]> {
  const { git, base, tree } = of
  const unfit: Unfit[] = []
  for (const { command } of commands) {
    const why =
      (await provesNothing(command, (path) => git.read(tree, path))) ??
      (await onlyExists(command, of)) ??
      (base === tree ? undefined : await onlyReads(command, of))
    if (why !== undefined) unfit.push({ command, why })
  }
  return unfit
}

/** That files are there proves something only while they were not there before. */
async function onlyExists(
  command: string,
  { git, base, tree }: { git: Git; base: string; tree: string },
): Promise<string | undefined> {
  const files = base === tree ? undefined : existenceOnly(command)
  if (!files) return undefined
  for (const file of files) if ((await git.read(base, file.replace(/^\.\//, ""))) === null) return undefined
  return `it only looks whether ${files.join(", ")} is there, which was so before the work`
}

async function onlyReads(
  command: string,
  { git, base, tree, asked }: { git: Git; base: string; tree: string; asked: string },
): Promise<string | undefined> {
  for (const path of reportsRead(command)) {
    const name = path.split("/").at(-1) ?? path
    if (asked.includes(name)) continue
    const [before, now] = [await git.read(base, path), await git.read(tree, path)]
    if (now !== null && now !== before) return `it only reads ${path}, which was written during the task`
  }
  return undefined
}

/** Checks that passed and in which no test ran. */
export function findEmpty(checks: readonly CheckResult[]): Unfit[] {
  return checks.flatMap(({ command, output }) => {
    const why = findNoTests(output)
    return why === undefined ? [] : [{ command, why }]
  })
}

export function describeUnfit(unfit: readonly Unfit[]): string {
  return unfit.map(({ command, why }) => `- \`${command}\`: ${why}.`).join("\n")
}
