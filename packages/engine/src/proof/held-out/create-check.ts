/** create_check: one acceptance check that the agent at work never sees. */
import { posix } from "node:path"
import { z } from "zod"
import { defineTool, type Tool } from "../../tools/tool.ts"
import { provesNothing } from "../can-fail.ts"
import { findGivenAway } from "./behaviour.ts"

export const CreateCheck = z.object({
  requirement: z.string().describe('The number of the requirement, such as "R3"'),
  title: z.string().trim().min(1).max(300).describe("What must hold, in one line"),
  command: z.string().trim().min(1).max(20_000).describe("Exits 0 only when it holds"),
  files: z
    .array(z.object({ path: z.string().min(1).max(400), content: z.string().max(200_000) }))
    .max(20)
    .default([])
    .describe("Files that the command needs; they are there for its run alone"),
  failure_says: z
    .string()
    .trim()
    .min(1)
    .max(1000)
    .optional()
    .describe("What the builder is told when it fails: what is expected and in which case, in one sentence"),
})
export type CreateCheck = z.infer<typeof CreateCheck>

/** Begins the result of a check that can never count. */
export const dropped = "Dropped: "

type Judge = {
  /** Numbers of the requirements it may be about. */
  requirements: readonly string[]
  /** Paths of the folder that are taken. */
  isTaken(path: string): Promise<boolean>
  /** Whether it passes before any work is done; undefined where that says nothing. */
  passesAlready?(check: CreateCheck, signal: AbortSignal): Promise<boolean>
}

export function createCheck({ requirements, isTaken, passesAlready }: Judge): Tool {
  return defineTool({
    name: "create_check",
    description: "Adds one acceptance check. Aura keeps it from whoever builds the product.",
    input: CreateCheck,
    async run(input, { signal }) {
      const fault = await findFault(input, requirements, isTaken)
      if (fault !== undefined) return { output: fault, isError: true }
      const useless = await provesNothing(input.command, async (path) => readOwn(input, path))
      if (useless !== undefined) return { output: `${dropped}it proves nothing: ${useless}.`, isError: true }
      if (await passesAlready?.(input, signal))
        return {
          output: `${dropped}it passes on the folder as it is, before any work is done, so it proves nothing.`,
          isError: true,
        }
      return { output: `The check of ${input.requirement} is kept.` }
    },
  })
}

function readOwn({ files }: CreateCheck, path: string): string | null {
  const name = posix.normalize(path)
  return files.find((file) => posix.normalize(file.path) === name)?.content ?? null
}

async function findFault(
  check: CreateCheck,
  requirements: readonly string[],
  isTaken: Judge["isTaken"],
): Promise<string | undefined> {
  if (!requirements.includes(check.requirement))
    return `${check.requirement} is none of the requirements to check: ${requirements.join(", ")}.`
  for (const { path } of check.files) {
    const name = posix.normalize(path)
    if (posix.isAbsolute(name) || name.startsWith("..") || name.split("/").includes(".git"))
      return `${path} does not lie in the folder. Give paths relative to its root.`
    if (await isTaken(name)) return `${path} is a file of the project. Choose another name.`
  }
  const given = findGivenAway(`${check.title}\n${check.failure_says ?? ""}`, check)
  if (given) return `title and failure_says are told to the builder and give away ${given}. Name behaviour.`
  return undefined
}
