/** The environment this program was started in. A file of its own: it is read before the rest of the server is loaded. */
import { type Env, readEnvHere } from "./env.ts"
import { forgetSecrets } from "./forget-env.mjs"

let env: Env | undefined

/** Read once; then the secrets in it are taken out of the process's environment, where its children and /proc show them. */
export function currentEnv(): Env {
  env ??= readEnvHere(process.env, process.cwd(), (line) => process.stderr.write(`${line}\n`))
  forgetSecrets()
  return env
}
