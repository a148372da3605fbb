/** What is said of a provider, and which of its models are shown. Pure. */
import type { OfferedModel, ProviderView } from "@aura/core"
import type { StateTone } from "../../components/StateDot.tsx"

const states = {
  not_set: { tone: "idle", word: "No key is set" },
  unchecked: { tone: "warn", word: "Set, not checked yet" },
  valid: { tone: "ok", word: "Works" },
  invalid: { tone: "bad", word: "The provider refuses this key" },
} as const satisfies Record<string, { tone: StateTone; word: string }>

export function describeKey({ key, needsKey }: Pick<ProviderView, "key" | "needsKey">): {
  tone: StateTone
  word: string
} {
  if (key.problem) return { tone: "bad", word: "The key is for another address" }
  if (key.status === "not_set" && !needsKey) return { tone: "idle", word: "Needs no key" }
  return states[key.status]
}

/** Those whose id holds all the words, in the provider's order. */
export function findOffered(models: readonly OfferedModel[], typed: string, most = 50): OfferedModel[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return models.filter(({ id }) => words.every((word) => id.toLowerCase().includes(word))).slice(0, most)
}

export function describeOffered({ contextWindow, inputUsd, outputUsd }: OfferedModel): string {
  const window = contextWindow === null ? "window not known" : `${Math.round(contextWindow / 1000)}k tokens`
  const price =
    inputUsd === null || outputUsd === null
      ? "price not known"
      : inputUsd === 0 && outputUsd === 0
        ? "free"
        : `$${inputUsd} in, $${outputUsd} out per million`
  return `${window} · ${price}`
}
