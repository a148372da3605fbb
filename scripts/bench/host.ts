/** A server to measure, in a process of its own; says where it is and gives a token. */
import { auth } from "@aura/domain"
import { readEnv, startServer } from "@aura/server"

const env = readEnv(process.env, null)
const running = await startServer({ env: { ...env, port: 0 } })
const { access_token: token } = await auth.createToken(running.aura.keys, Date.now())
process.send?.(`${running.url} ${token}`)
process.once("SIGTERM", () => void running.stop().then(() => process.exit(0)))
