/** The server's clock: what counts on screen counts by it, whatever this device's clock says. */

let behindMs = 0

/** @param serverNow the server's time as an answer just brought it */
export function setServerTime(serverNow: string): void {
  behindMs = Date.now() - Date.parse(serverNow)
}

export function now(): number {
  return Date.now() - behindMs
}
