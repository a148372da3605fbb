/** Starts the interface: uses up a sign-in code, opens the event socket while signed in, draws the routes. */
import { notifyManager } from "@tanstack/react-query"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { App } from "./App.tsx"
import { createApply } from "./api/apply.ts"
import { clearDrafts } from "./api/drafts.ts"
import { startLive } from "./api/live.ts"
import { useLogin, watchAddress } from "./api/login.ts"
import { createQueries } from "./api/queries/rows.ts"
import { keepSignedIn } from "./api/renew.ts"
import { recoverFromUpdate } from "./release.ts"
import "./index.css"

/** Rows and drafts of one frame must reach the screen together; the default scheduler would show rows later. */
notifyManager.setScheduler(queueMicrotask)

const queries = createQueries()
const apply = createApply(queries)
let stopLive: (() => void) | undefined

function followLogin(token: string | undefined): void {
  stopLive?.()
  stopLive = undefined
  if (token) {
    stopLive = startLive(apply)
  } else {
    queries.clear()
    clearDrafts()
  }
}

recoverFromUpdate()
followLogin(useLogin.getState().token)
useLogin.subscribe((now, before) => {
  // A renewed token is the same login: the socket that is open stays.
  if ((now.token === undefined) !== (before.token === undefined)) followLogin(now.token)
})
watchAddress()
keepSignedIn()

const root = document.getElementById("root")
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App queries={queries} />
    </StrictMode>,
  )
}
