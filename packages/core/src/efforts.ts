/** The levels of effort. Apart from the schemas, so that the interface need not carry those. */

/** `output_config.effort` of the Messages API, weakest first. */
export const efforts = ["low", "medium", "high", "xhigh", "max"] as const
export type Effort = (typeof efforts)[number]

/** Long unattended work profits from thought; what a plan gets wrong, every task pays for. */
export const defaultEfforts = { plan: "xhigh", work: "high", chat: "medium" } as const

/** `adaptive`: the model decides how much; `budget`: older models, with a limit in tokens; `none`: it is not asked to. */
export const thinkingForms = ["adaptive", "budget", "none"] as const
export type ThinkingForm = (typeof thinkingForms)[number]
