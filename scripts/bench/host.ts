/** A server to measure, in a process of its own, set up as `aura` sets itself up; says where it is and gives a token. */
import { enableCompileCache } from "node:module"
import { fileURLToPath } from "node:url"

enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/compile", import.meta.url)))

const { auth } = await import("@aura/domain")
const { readEnv, startServer } = await import("@aura/server")
const running = await startServer({ env: { ...readEnv(process.env, null), port: 0 } })
const { access_token: token } = await auth.createToken(running.aura.keys, Date.now())
process.send?.(`${running.url} ${token}`)
process.once("SIGTERM", () => void running.stop().then(() => process.exit(0)))
