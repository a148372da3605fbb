/** The APIs a model server speaks. */
import { chatCompletions } from "./chat.ts"
import { geminiApi } from "./gemini.ts"
import { messagesApi } from "./messages.ts"
import { responsesApi } from "./responses.ts"

export const dialects = {
  anthropic: messagesApi,
  openai: chatCompletions,
  responses: responsesApi,
  gemini: geminiApi,
} as const
export type Api = keyof typeof dialects
