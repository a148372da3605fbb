/** The environment of this process. A separate file, because it is read before the rest of the server is loaded. */
import { resolve } from "node:path"
import { type Env, findUnreadFile, readPlacedEnv } from "./env.ts"
import { findPlaces } from "./env-files.ts"
import { forgetSecrets } from "./forget-env.mjs"

let named: string | null = null
let env: Env | undefined

/** Names one more `.env` file to read, as `--env-file` does. To be called before the environment is read. */
export function nameEnvFile(path: string): void {
  named = resolve(path)
}

/** Read once; then secrets are removed from the process's environment, where children and /proc expose them. */
export function currentEnv(): Env {
  if (env) return env
  env = readPlacedEnv(process.env, findPlaces(process.env, named))
  for (const { name, path, why } of env.sources.ignored)
    process.stderr.write(`${name} in ${path} is ignored: ${why}.\n`)
  const unread = findUnreadFile(env, process.cwd())
  if (unread) process.stderr.write(`${unread} is not read. To use it: --env-file ${unread}\n`)
  forgetSecrets()
  return env
}
