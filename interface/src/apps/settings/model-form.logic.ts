/** The settings form: converts and validates its texts. Pure. */
import { efforts, type SettingsView, type UpdateSettings } from "@aura/core"

export type Form = {
  model: string
  fastModel: string
  fallbackModel: string
  rotateAt: string
  budget: string
  planEffort: string
  workEffort: string
  chatEffort: string
}

/** The kinds of work, each with an effort of its own. */
export const roles = ["plan", "work", "chat"] as const

export function toForm(settings: SettingsView): Form {
  return {
    model: settings.model,
    fastModel: settings.fastModel,
    fallbackModel: settings.fallbackModel ?? "",
    rotateAt: settings.rotatesByPrice ? "" : String(Math.round(settings.rotateAt * 100)),
    planEffort: settings.efforts.plan,
    workEffort: settings.efforts.work,
    chatEffort: settings.efforts.chat,
    budget: settings.budgetUsd === null ? "" : String(settings.budgetUsd),
  }
}

/** Only what was changed; an emptied field goes back to its default. */
export function toChange(form: Form, settings: SettingsView): UpdateSettings {
  const before = toForm(settings)
  const change: UpdateSettings = {}
  if (form.model !== before.model) change.model = form.model.trim() || null
  if (form.fastModel !== before.fastModel) change.fastModel = form.fastModel.trim() || null
  if (form.fallbackModel !== before.fallbackModel) change.fallbackModel = form.fallbackModel.trim() || null
  if (form.rotateAt !== before.rotateAt)
    change.rotateAt = form.rotateAt.trim() ? Number(form.rotateAt) / 100 : null
  for (const role of roles) {
    const value = form[`${role}Effort`]
    if (value !== before[`${role}Effort`])
      change.efforts = { ...change.efforts, [role]: efforts.find((effort) => effort === value) ?? null }
  }
  if (form.budget !== before.budget) change.budgetUsd = form.budget.trim() ? Number(form.budget) : null
  return change
}

export function findProblems(form: Form): Partial<Record<keyof Form, string>> {
  const problems: Partial<Record<keyof Form, string>> = {}
  const percent = Number(form.rotateAt)
  if (form.rotateAt.trim() && !(percent >= 5 && percent <= 95)) problems.rotateAt = "Choose from 5 to 95 %."
  if (form.budget.trim() && !(Number(form.budget) >= 0)) problems.budget = "Give an amount in US dollars."
  return problems
}
