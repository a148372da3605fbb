/** Keeps this device signed in while Aura stays open: the token is replaced long before it runs out. */
import { client } from "./client.ts"
import { renewAfterMs } from "./login.logic.ts"
import { acceptLogin, useLogin } from "./login.ts"

let timer: ReturnType<typeof setTimeout> | undefined

/** Call once. */
export function keepSignedIn(): void {
  schedule(useLogin.getState().token)
  useLogin.subscribe(({ token }, before) => token !== before.token && schedule(token))
}

function schedule(token: string | undefined): void {
  clearTimeout(timer)
  const waitMs = token === undefined ? undefined : renewAfterMs(token, Date.now())
  if (token === undefined || waitMs === undefined) return
  timer = setTimeout(
    () => void client.call("renewLogin", {}).then(acceptLogin, () => schedule(token)),
    waitMs,
  )
}
