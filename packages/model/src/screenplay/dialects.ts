/** The APIs a model server speaks. */
import { chatCompletions } from "./chat.ts"
import { messagesApi } from "./messages.ts"

export const dialects = { anthropic: messagesApi, openai: chatCompletions } as const
export type Api = keyof typeof dialects
