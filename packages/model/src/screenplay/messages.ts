/** The Messages API in front of a screenplay: its list of models, its errors, its events. */
import { efforts } from "@aura/core"
import { findModel, knownModels } from "../catalog.ts"
import type { Json } from "../json.ts"
import type { Dialect } from "./dialect.ts"
import { toEvents } from "./events.ts"
import { readRequest } from "./validate.ts"

export const messagesApi: Dialect = {
  modelsPath: "/v1/models",
  hasKey: () => true,
  take: (path, body) => (path === "/v1/messages" ? body : undefined),
  read: (body, betas) => readRequest(body, betas),
  toBody: (message) => message,
  toEvents,
  toFrame: (event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`,
  ending: "",
  toError,
  models: toModels,
}

function toModels(): Json {
  const data = knownModels.map(toModelInfo)
  return { data, has_more: false, first_id: knownModels[0] ?? null, last_id: knownModels.at(-1) ?? null }
}

function toModelInfo(id: string): Json {
  const { contextWindow, maxOutput, thinking, alwaysThinks, efforts: levels, endOfLife } = findModel(id)
  const is = (supported: boolean) => ({ supported })
  return {
    type: "model",
    id,
    display_name: id,
    max_input_tokens: contextWindow,
    max_tokens: maxOutput,
    lifecycle: endOfLife === null ? "active" : "deprecated",
    retires_at: endOfLife === null ? null : `${endOfLife}T00:00:00Z`,
    capabilities: {
      effort: {
        ...is(levels.length > 0),
        ...Object.fromEntries(efforts.map((level) => [level, is(levels.includes(level))])),
      },
      thinking: {
        ...is(thinking !== "none"),
        types: {
          adaptive: is(thinking === "adaptive"),
          enabled: is(thinking === "budget"),
          disabled: is(!alwaysThinks),
        },
      },
    },
  }
}

function toError(type: string, message: string): Json {
  return { type: "error", error: { type, message } }
}
