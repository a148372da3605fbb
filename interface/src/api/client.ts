/** The one way to call the server: the typed client, with this device's token. */
import { AuraError, type Client, createClient } from "@aura/core"
import { loseLogin, useLogin } from "./login.ts"

const inner = createClient("", () => useLogin.getState().token)

/** Like the client of core; an answer of 401 ends the login on this device. */
export const client: Client = {
  call: (name, input, options) => inner.call(name, input, options).catch(watchLogin),
  open: (name, input, options) => inner.open(name, input, options).catch(watchLogin),
}

function watchLogin(thrown: unknown): never {
  const ended = thrown instanceof AuraError && thrown.code === "unauthorized"
  if (ended && useLogin.getState().token) loseLogin()
  throw thrown
}
