/** A page that was open while Aura was updated asks for parts that are gone: it loads itself afresh, once. */
import { useConnection } from "./api/live.ts"

const key = "aura-reloaded-at"
const pauseMs = 30_000

export function recoverFromUpdate(): void {
  window.addEventListener("vite:preloadError", (event) => {
    // While the server is away nothing would come of it but the browser's own error page.
    if (useConnection.getState().status === "lost") return
    const last = Number(sessionStorage.getItem(key) ?? 0)
    if (Date.now() - last < pauseMs) return
    event.preventDefault()
    sessionStorage.setItem(key, String(Date.now()))
    location.reload()
  })
}
