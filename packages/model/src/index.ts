export { createClaude } from "./anthropic/claude.ts"
export { betasOf, encodeRequest } from "./anthropic/request.ts"
export type { Sleep } from "./attempts.ts"
export {
  defaultFastModel,
  defaultModel,
  type FurtherFacts,
  findModel,
  findWarnings,
  isKnownModel,
  knownModels,
  type ListedFacts,
  type ModelFacts,
  priceOf,
} from "./catalog.ts"
export type { ClientOptions } from "./client.ts"
export { withFallback } from "./fallback.ts"
export { fetchLean } from "./fetch.ts"
export { malformedInput } from "./malformed.ts"
export { countChars } from "./media.ts"
export * from "./model.ts"
export { patientPolicy, type RetryPolicy } from "./policy.ts"
export { costOf, type Price, type PriceRow } from "./price.ts"
export { type ProbeStep, probe } from "./probe.ts"
export { createProvider, type ProviderOptions, toBaseUrl } from "./provider-client.ts"
export { createCache as createPromptCache } from "./screenplay/cache.ts"
export type { Api } from "./screenplay/dialects.ts"
export type { Pace } from "./screenplay/events.ts"
export { judgeRequest, think } from "./screenplay/judge.ts"
export { createScreenplayModel, type ScreenplayModelOptions } from "./screenplay/model.ts"
export {
  type RecordedCall,
  type RecordedSession,
  type RecordedTurn,
  recordTurns,
  toScreenplay,
} from "./screenplay/record.ts"
export { parseScreenplay, type Screenplay } from "./screenplay/screenplay.ts"
export { type ModelServer, type ModelServerOptions, startModelServer } from "./screenplay/server.ts"
export { signThought } from "./screenplay/thoughts.ts"
export { readRequest } from "./screenplay/validate.ts"
