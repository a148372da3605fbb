/** The providers of models. A model's id names its provider in front: `openai:gpt-6.2-sol`; without one it is Anthropic's. No schemas: the interface carries this. */
export const providerIds = ["anthropic", "openai", "openrouter", "ollama", "gemini"] as const
export type ProviderId = (typeof providerIds)[number]

/** Where requests go when no other provider is set. */
export const anthropicAddress = "https://api.anthropic.com"

type ProviderFacts = {
  name: string
  /** Where requests go unless another address is set. */
  address: string
  /** Names of the environment. */
  keyName: string
  addressName: string
  /** It answers nobody without a key. */
  needsKey: boolean
}

export const providers: Record<ProviderId, ProviderFacts> = {
  anthropic: {
    name: "Anthropic",
    address: anthropicAddress,
    keyName: "ANTHROPIC_API_KEY",
    addressName: "ANTHROPIC_BASE_URL",
    needsKey: true,
  },
  openai: {
    name: "OpenAI",
    address: "https://api.openai.com/v1",
    keyName: "OPENAI_API_KEY",
    addressName: "OPENAI_BASE_URL",
    needsKey: true,
  },
  openrouter: {
    name: "OpenRouter",
    address: "https://openrouter.ai/api/v1",
    keyName: "OPENROUTER_API_KEY",
    addressName: "OPENROUTER_BASE_URL",
    needsKey: true,
  },
  ollama: {
    name: "Ollama",
    address: "http://127.0.0.1:11434/v1",
    keyName: "OLLAMA_API_KEY",
    addressName: "OLLAMA_HOST",
    needsKey: false,
  },
  gemini: {
    name: "Gemini",
    address: "https://generativelanguage.googleapis.com/v1beta",
    keyName: "GEMINI_API_KEY",
    addressName: "GEMINI_BASE_URL",
    needsKey: true,
  },
}

/** The provider of a model, and the id that provider knows it by. */
export function splitModelId(id: string): { provider: ProviderId; name: string } {
  const plain = id.trim()
  const at = plain.indexOf(":")
  const named = plain.slice(0, Math.max(at, 0)).toLowerCase()
  const provider = providerIds.find((id) => id === named)
  return provider ? { provider, name: plain.slice(at + 1) } : { provider: "anthropic", name: plain }
}

/** The id as people enter it. */
export function joinModelId(provider: ProviderId, name: string): string {
  return provider === "anthropic" ? name : `${provider}:${name}`
}
