/** Reads a one-use sign-in code out of an address and gives the address without it. */

export type CodeInAddress = { code: string; rest: string }

/** @param address path, query and fragment as the address bar shows them */
export function takeCode(address: string): CodeInAddress | undefined {
  const [front = "", fragment = ""] = splitOnce(address, "#")
  const params = new URLSearchParams(fragment)
  const code = params.get("code")
  if (!code) return undefined
  params.delete("code")
  const left = params.toString()
  return { code, rest: left ? `${front}#${left}` : front }
}

function splitOnce(text: string, mark: string): string[] {
  const at = text.indexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

/** How long to wait before renewing a token: half of its remaining time. `undefined`: it cannot be renewed. */
export function renewAfterMs(token: string, nowMs: number): number | undefined {
  const [, payload = ""] = token.split(".")
  const expiry = /"exp":(\d+)/.exec(fromBase64Url(payload))?.[1]
  const leftMs = expiry === undefined ? 0 : Number(expiry) * 1000 - nowMs
  return leftMs > 0 ? Math.max(leftMs / 2, 60_000) : undefined
}

function fromBase64Url(text: string): string {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"))
  } catch {
    return ""
  }
}
