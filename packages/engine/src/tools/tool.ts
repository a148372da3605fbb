/** What a tool is: a name, a schema, and a function whose failure is a result the model can read. */

import {
  AuraError,
  type FileChange,
  type KeptMedia,
  type ToolName,
  type ToolTraits,
  toMessage,
  toolTable,
} from "@aura/core"
import type { ToolSpec } from "@aura/model"
import { z } from "zod"

export type ToolContext = {
  signal: AbortSignal
  onOutput: (text: string) => void
  /** A tool that is not repeatable calls it right before what must not happen twice, and waits for it. */
  onBegin: () => Promise<void>
  /** The call may have run before: Aura was stopped before its result was stored. */
  isRepeat: boolean
}

export type ToolOutcome = {
  output: string
  isError?: boolean
  /** The phase is over once this turn's tools have run. */
  ends?: boolean
  exitCode?: number | null
  changes?: FileChange[]
  diff?: string
  /** All of a long output, by its name. */
  kept?: { name: string; bytes: number }
  /** What the model is shown beside the output. */
  media?: KeptMedia[]
}

export type Tool = {
  spec: ToolSpec
  /** Must be the last call of its turn. */
  isLast: boolean
  /** It changes nothing: several in a row run at once. */
  isReading?: boolean
  /** Running it again, after a crash took its result, leads to where running it once does. */
  isRepeatable: boolean
  run(input: Record<string, unknown>, context: ToolContext): Promise<ToolOutcome>
}

/** Checked when a call comes, and said then; in every request they would only take room. */
const limits = [
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "default",
] as const

type Traits = Omit<ToolTraits, "level">
type Named = { name: ToolName; traits?: undefined } | { name: string; traits: Traits }

/**
 * @param definition.input the schema that checks the input and describes it to the model
 * @param definition.traits for tools that are not in the table, as in tests
 */
export function defineTool<S extends z.ZodObject>(
  definition: Named & {
    description: string
    input: S
    run(input: z.output<S>, context: ToolContext): Promise<ToolOutcome>
  },
): Tool {
  const { $schema: _, ...inputSchema } = z.toJSONSchema(definition.input, {
    io: "input",
    override: ({ jsonSchema }) => {
      for (const limit of limits) delete jsonSchema[limit]
    },
  })
  const traits: Traits = definition.traits ?? toolTable[definition.name]
  return {
    spec: {
      name: definition.name,
      description: definition.description,
      inputSchema,
      ...(traits.isLong && { isLong: true }),
    },
    isLast: traits.isLast ?? false,
    isReading: traits.isReading ?? false,
    isRepeatable: traits.isRepeatable,
    async run(input, context) {
      const parsed = definition.input.safeParse(input)
      if (!parsed.success)
        return { output: `The input does not fit:\n${z.prettifyError(parsed.error)}`, isError: true }
      return await definition.run(parsed.data, context)
    },
  }
}

/** The same tool to look at, which says why it does nothing now. */
export function refuseTool(tool: Tool, why: string): Tool {
  return { ...tool, isLast: false, isRepeatable: true, run: async () => ({ output: why, isError: true }) }
}

/** Runs one call. An expected failure becomes an error result; a bug too, named as such. */
export async function runTool(
  tools: readonly Tool[],
  call: { name: string; input: Record<string, unknown>; isLast: boolean },
  context: ToolContext,
): Promise<ToolOutcome> {
  const tool = tools.find((candidate) => candidate.spec.name === call.name)
  if (!tool) {
    const names = tools.map((candidate) => candidate.spec.name).join(", ")
    return { output: `There is no tool "${call.name}". The tools are: ${names}.`, isError: true }
  }
  if (tool.isLast && !call.isLast) {
    return { output: `Call ${call.name} on its own, after the other tools have finished.`, isError: true }
  }
  try {
    return await tool.run(call.input, context)
  } catch (thrown) {
    const output = thrown instanceof AuraError ? thrown.message : `The tool failed: ${toMessage(thrown)}`
    return { output, isError: true }
  }
}
