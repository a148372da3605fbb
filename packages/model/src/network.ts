/** What answers over the network have in common, whoever the provider is. */
import { toMessage } from "@aura/core"

/** Where both are given, `retry-after-ms` is the exact one. */
export function retryAfterOf(headers: Headers | undefined): string | undefined {
  const ms = headers?.get("retry-after-ms")?.trim() ?? ""
  if (/^\d+(\.\d+)?$/.test(ms)) return String(Number(ms) / 1000)
  return headers?.get("retry-after") ?? undefined
}

/** No API of a model answers with a web page. */
export function isPage(headers: Headers | undefined): boolean {
  return /\bx?html\b/i.test(headers?.get("content-type") ?? "")
}

/** The innermost reason: "fetch failed" alone helps nobody. */
export function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return toMessage(error)
  if (error.cause instanceof Error) return rootMessage(error.cause)
  const code = "code" in error ? String(error.code) : ""
  return code === "ECONNRESET" ? "the connection broke off" : error.message || code || error.name
}
