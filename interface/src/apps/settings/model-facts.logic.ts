/** The form of one model's facts: converts and validates its texts. Pure. */
import { type EnteredFacts, type EnteredModels, type ModelView, thinkingForms } from "@aura/core"

export const fields = [
  "contextWindow",
  "maxOutput",
  "inputUsd",
  "outputUsd",
  "cacheReadUsd",
  "cacheWriteUsd",
] as const
export type Field = (typeof fields)[number]
export type FactsForm = Record<Field, string> & { thinking: string; sees: string }

/** What was entered; what Aura knows is shown beside it. */
export function toForm(entered: EnteredFacts | undefined): FactsForm {
  const text = (field: Field) => (entered?.[field] === undefined ? "" : String(entered[field]))
  return {
    contextWindow: text("contextWindow"),
    maxOutput: text("maxOutput"),
    inputUsd: text("inputUsd"),
    outputUsd: text("outputUsd"),
    cacheReadUsd: text("cacheReadUsd"),
    cacheWriteUsd: text("cacheWriteUsd"),
    thinking: entered?.thinking ?? "",
    sees: toSightWord(entered?.sees),
  }
}

function toSightWord(sees: EnteredFacts["sees"]): string {
  return sightWords.find((one) => sees?.length === one.sees.length)?.value ?? ""
}

/** The facts of all models after this one's were changed; `problem` where they make no sense. */
export function toModels(
  id: string,
  form: FactsForm,
  before: EnteredModels,
): { models: EnteredModels } | { problem: string } {
  const facts: EnteredFacts = {}
  for (const field of fields) {
    const text = form[field].trim()
    if (text === "") continue
    const value = Number(text)
    const isCount = field === "contextWindow" || field === "maxOutput"
    if (!(value >= least[field]) || (isCount && !Number.isInteger(value)))
      return {
        problem: `${labels[field]}: give ${isCount ? `a whole number from ${least[field]} up` : "an amount in US dollars"}.`,
      }
    facts[field] = value
  }
  const thinking = thinkingForms.find((one) => one === form.thinking)
  if (thinking) facts.thinking = thinking
  const sees = sightWords.find(({ value }) => value === form.sees)?.sees
  if (sees) facts.sees = [...sees]
  const { [id]: _, ...others } = before
  return { models: Object.keys(facts).length === 0 ? others : { ...others, [id]: facts } }
}

/** What a model sees beside text, as it is chosen. */
export const sightWords = [
  { value: "nothing", name: "Text only", sees: [] },
  { value: "pictures", name: "Pictures", sees: ["image"] },
  { value: "all", name: "Pictures and PDFs", sees: ["image", "pdf"] },
] as const

const least: Record<Field, number> = {
  contextWindow: 4_000,
  maxOutput: 1_024,
  inputUsd: 0,
  outputUsd: 0,
  cacheReadUsd: 0,
  cacheWriteUsd: 0,
}

export const labels: Record<Field, string> = {
  contextWindow: "Window in tokens",
  maxOutput: "Longest reply in tokens",
  inputUsd: "Input, USD per million",
  outputUsd: "Output, USD per million",
  cacheReadUsd: "Cache read, USD per million",
  cacheWriteUsd: "Cache write, USD per million",
}

/** What Aura goes by where nothing was entered. */
export function placeholderOf(field: Field, model: ModelView): string {
  if (field === "contextWindow" || field === "maxOutput") return String(model[field])
  if (field === "inputUsd" || field === "outputUsd")
    return model[field] === null ? "not known" : String(model[field])
  return "as known"
}
