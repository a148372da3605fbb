export { type ClaudeOptions, createClaude } from "./anthropic/claude.ts"
export { malformedInput } from "./anthropic/reply.ts"
export { encodeRequest } from "./anthropic/request.ts"
export type { Sleep } from "./attempts.ts"
export {
  defaultFastModel,
  defaultModel,
  findModel,
  isKnownModel,
  type ModelFacts,
  priceOf,
} from "./catalog.ts"
export { withFallback } from "./fallback.ts"
export { fetchLean } from "./fetch.ts"
export * from "./model.ts"
export { patientPolicy, type RetryPolicy } from "./policy.ts"
export { type Price, type PriceRow, pricesAsOf } from "./prices.ts"
export { type ProbeStep, probe } from "./probe.ts"
export type { Pace } from "./screenplay/events.ts"
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
export { readRequest } from "./screenplay/validate.ts"
