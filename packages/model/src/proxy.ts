/** The proxy that the environment names (`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, or in lower case) for an address. */
import type { EnvHttpProxyAgent } from "undici"

export type Variables = Readonly<Record<string, string | undefined>>

/** The proxies of one environment, for addresses on other machines; `undefined` when none is set. */
export type Proxies = { httpProxy: string; httpsProxy: string; noProxy: string }

export function readProxies(variables: Variables): Proxies | undefined {
  const read = (name: string) => variables[name.toLowerCase()] || variables[name] || ""
  const httpProxy = withScheme(read("HTTP_PROXY"))
  const httpsProxy = withScheme(read("HTTPS_PROXY")) || httpProxy
  return httpProxy || httpsProxy ? { httpProxy, httpsProxy, noProxy: read("NO_PROXY") } : undefined
}

/** True for this machine's own addresses: no proxy could reach them. */
export function isOwnMachine({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || /^(127\.|\[::1\]$)/.test(hostname)
}

/** People leave the scheme out. */
function withScheme(proxy: string): string {
  return proxy === "" || proxy.includes("://") ? proxy : `http://${proxy}`
}

/** The proxy on the way to an address, by its scheme; `undefined` for a direct way. */
export function findProxy(url: URL, variables: Variables): URL | undefined {
  const proxies = isOwnMachine(url) ? undefined : readProxies(variables)
  const proxy = url.protocol === "https:" ? proxies?.httpsProxy : proxies?.httpProxy
  if (!proxies || !proxy || !URL.canParse(proxy)) return undefined
  return isExempt(url.hostname, proxies.noProxy) ? undefined : new URL(proxy)
}

/** As the agent below judges it, ports aside: only for the steps that a person is told. */
function isExempt(hostname: string, noProxy: string): boolean {
  const names = noProxy.split(/[,\s]+/).map((name) => name.replace(/^\*?\./, "").replace(/:\d+$/, ""))
  return names.some(
    (name) => name === "*" || (name !== "" && (hostname === name || hostname.endsWith(`.${name}`))),
  )
}

let opened: { for: string; agent: EnvHttpProxyAgent } | undefined

/**
 * `fetch` through the proxy of the address, or direct where `NO_PROXY` says so. Also a plain `http:` address is reached by
 * CONNECT, so that a proxy never gets to read the key; follows no redirects.
 */
export async function fetchProxied(url: URL, init: RequestInit, proxies: Proxies): Promise<Response> {
  const { EnvHttpProxyAgent, fetch } = await import("undici")
  const key = JSON.stringify(proxies)
  if (opened?.for !== key) {
    // How long an answer may take is for the caller to say.
    const agent = new EnvHttpProxyAgent({ ...proxies, proxyTunnel: true, headersTimeout: 0, bodyTimeout: 0 })
    opened = { for: key, agent }
  }
  const { method = "GET", body, signal } = init
  const response = await fetch(url, {
    method,
    headers: [...new Headers(init.headers)],
    ...(typeof body === "string" || body instanceof Uint8Array ? { body } : {}),
    ...(signal ? { signal } : {}),
    redirect: "manual",
    dispatcher: opened.agent,
  })
  const { status, headers } = response
  const decoded = [...headers].filter(([name]) => name !== "content-encoding" && name !== "content-length")
  return new Response(response.body ? ReadableStream.from<Uint8Array>(response.body) : null, {
    status,
    headers: decoded,
  })
}
