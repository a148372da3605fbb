/** A screenplay: the file that scripts a model, scene by scene. */
import { AuraError, toMessage } from "@aura/core"
import { parse } from "yaml"
import { z } from "zod"
import { isObject } from "../json.ts"

export const Phase = z.enum([
  "look_over",
  "specs",
  "tasks",
  "checks",
  "work",
  "review",
  "product",
  "hand_off",
  "chat",
])
export type Phase = z.infer<typeof Phase>

const count = z.number().int().nonnegative()
const times = z.number().int().positive().default(1)

/** What goes wrong before a reply comes. */
export const Fault = z.union([
  z.strictObject({
    status: z.number().int().min(400).max(599),
    type: z.string().optional(),
    message: z.string().optional(),
    retryAfterSecs: z.number().nonnegative().optional(),
    times,
  }),
  z.strictObject({ drop: count, times }),
  z.strictObject({ truncate: count, times }),
  z.strictObject({ stall: z.number().nonnegative(), times }),
  z.strictObject({ errorEvent: z.string(), message: z.string().optional(), times }),
  z.strictObject({ malformed: z.literal(true) }),
])
export type Fault = z.infer<typeof Fault>

export const Call = z.strictObject({
  tool: z.string().min(1),
  input: z.record(z.string(), z.unknown()).default({}),
})

export const ScriptedReply = z.strictObject({
  thinking: z.string().min(1).optional(),
  text: z.string().min(1).optional(),
  calls: z.array(Call).default([]),
  stop: z.string().optional(),
  usage: z
    .strictObject({
      input: count.optional(),
      output: count.optional(),
      cacheRead: count.optional(),
      cacheWrite: count.optional(),
      share: z.number().min(0).max(1).optional(),
    })
    .optional(),
  /** Sent with the answer, such as those that tell the rate limits. */
  headers: z.record(z.string(), z.string()).optional(),
  expect: z.strictObject({ contains: z.union([z.string(), z.array(z.string())]) }).optional(),
  fault: Fault.optional(),
})
export type ScriptedReply = z.infer<typeof ScriptedReply>

export const Scene = z.preprocess(
  renameThen,
  z.strictObject({
    when: z.strictObject({
      phase: Phase,
      model: z.string().min(1).optional(),
      task: z.string().min(1).optional(),
      attempt: z.number().int().positive().optional(),
      part: z.number().int().positive().optional(),
      says: z.string().min(1).optional(),
    }),
    replies: z.array(ScriptedReply).min(1),
    ending: z.enum(["end", "repeat"]).default("end"),
  }),
)
export type Scene = z.infer<typeof Scene>

export const Screenplay = z.strictObject({
  title: z.string().optional(),
  scenes: z.array(Scene).min(1),
})
export type Screenplay = z.infer<typeof Screenplay>

/** Reads a screenplay from YAML or JSON. Throws an `AuraError` that names the place of what is wrong. */
export function parseScreenplay(text: string): Screenplay {
  const parsed = Screenplay.safeParse(read(text))
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.slice(0, 5).map((issue) => `${toPlace(issue.path)}: ${issue.message}`)
  throw new AuraError("bad_request", `This is no screenplay. ${lines.join(" · ")}`, { problems: lines })
}

function read(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    throw new AuraError("bad_request", `The screenplay is neither YAML nor JSON: ${toMessage(error)}`)
  }
}

/** In the file it is called `then`; as a property that is the mark of a promise. */
function renameThen(scene: unknown): unknown {
  if (!isObject(scene)) return scene
  const { then: ending, ...rest } = scene
  return ending === undefined ? rest : { ...rest, ending }
}

/** `scenes[2].replies[0].text`, as people find it in the file. */
function toPlace(path: PropertyKey[]): string {
  const names = path.map((key) => (key === "ending" ? "then" : key))
  const place = names.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("")
  return place.replace(/^\./, "") || "the file"
}
