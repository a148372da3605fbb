export { type Env, readEnv, readEnvHere } from "./env.ts"
export { createRehearsal } from "./rehearsal.ts"
export { isKeyless, type Running, type StartOptions, startServer } from "./start.ts"
export { version } from "./version.ts"
