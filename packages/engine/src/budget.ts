/** The budget: money is refused before the call that would pass it, not after. */
import { noUsage, type Project, type Session, type Usage } from "@aura/core"
import { settings } from "@aura/domain"
import type { Engine, ModelFacts } from "./engine.ts"

export type Allowance =
  /** `maxTokens`: what the reply may be long at most, by the model and by what is left. */
  { kind: "granted"; maxTokens: number } | { kind: "refused"; reason: string }

/** What to say where a budget in USD was set and cannot hold, because nobody knows what a model costs. */
export async function findUnpriced(
  engine: Engine,
  project: Project,
  model: string,
): Promise<string | undefined> {
  const { budgetUsd, fallbackModel } = await settings.get(engine.aura)
  const limit = project.budgetUsd ?? budgetUsd
  const unpriced = [model, fallbackModel ?? []].flat().filter((id) => !engine.findModel(id).isPriced)
  if (limit === null || unpriced.length === 0) return undefined
  return `The budget of $${limit.toFixed(2)} cannot hold: nobody knows what ${unpriced.join(" and ")} costs, and its requests count as free. Enter its price in Settings.`
}

/** Nothing useful fits into fewer tokens than this. */
const minReply = 1024

/**
 * Prices the next request from what the last one held and what was added since, and lets the reply be as long
 * as the rest of the money. Where another model may have to answer, the dearer of the two counts.
 * @param addedChars size of what the last request did not hold yet
 */
export async function allow(
  engine: Engine,
  project: Project,
  next: { session: Session; addedChars: number },
): Promise<Allowance> {
  const { aura } = engine
  const chosen = await settings.get(aura)
  const first = engine.findModel(next.session.model)
  const other = chosen.fallbackModel === null ? first : engine.findModel(chosen.fallbackModel)
  const price = (usage: Usage) => Math.max(first.price(usage), other.price(usage))
  const most = maxTokens(first, next.session, next.addedChars)
  // Read anew: the budget may have been changed, and money spent, since the work began.
  const { budgetUsd, usage } = (await aura.store.get("projects", project.id)) ?? project
  const limit = budgetUsd ?? chosen.budgetUsd
  if (limit === null) return { kind: "granted", maxTokens: most }
  const spent = usage.costUsd
  const request = price({
    ...noUsage,
    cacheReadTokens: next.session.contextTokens,
    cacheWriteTokens: toTokens(next.addedChars),
  })
  const perToken = price({ ...noUsage, outputTokens: 1_000_000 }) / 1_000_000
  if (perToken === 0) return { kind: "granted", maxTokens: most }
  const affordable = Math.floor((limit - spent - request) / perToken)
  if (affordable >= minReply) return { kind: "granted", maxTokens: Math.min(most, affordable) }
  const reason = `The budget of $${limit.toFixed(2)} does not cover the next call: $${spent.toFixed(2)} are spent. Raise it to go on.`
  return { kind: "refused", reason }
}

/** Carefully: fewer characters a token than most texts have. */
function toTokens(chars: number): number {
  return Math.ceil(chars / 3)
}

/** All the model says at most, and no more than fits into its window beside the request. */
function maxTokens(
  { maxOutput }: Pick<ModelFacts, "maxOutput">,
  { contextTokens, contextWindow }: Session,
  addedChars: number,
): number {
  const left = contextWindow - contextTokens - toTokens(addedChars)
  return Math.max(minReply, Math.min(maxOutput, left))
}
