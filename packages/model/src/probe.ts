/** Tries the way to a model's address step by step, without a key: for a person whose Aura does not get an answer. */
import { lookup } from "node:dns/promises"
import { connect } from "node:net"
import { type ProviderId, providers, toMessage } from "@aura/core"
import { fetchLean } from "./fetch.ts"
import { isPage, rootMessage } from "./network.ts"
import { findProxy } from "./proxy.ts"

/** What was tried, and what to do where it failed. Nothing is tried after a step that fails. */
export type ProbeStep = { step: "name" | "connection" | "tls" | "answer"; ok: boolean; text: string }

const patienceMs = 10_000

export async function probe(
  baseUrl: string | null,
  provider: ProviderId = "anthropic",
): Promise<ProbeStep[]> {
  const { addressName } = providers[provider]
  const address = baseUrl || providers[provider].address
  if (!URL.canParse(address))
    return [{ step: "name", ok: false, text: `${address} is no address. Correct ${addressName}.` }]
  const url = new URL(address)
  const proxy = findProxy(url, process.env)
  const steps: ProbeStep[] = []
  for (const step of [findName, openConnection]) {
    const tried = await step(proxy ?? url, proxy !== undefined, addressName)
    steps.push(tried)
    if (!tried.ok) return steps
  }
  return [...steps, await askForAnswer(url, proxy, provider)]
}

async function findName({ hostname }: URL, isProxy: boolean, addressName: string): Promise<ProbeStep> {
  const name = bare(hostname)
  return await lookup(name).then(
    ({ address }): ProbeStep => ({ step: "name", ok: true, text: `The name ${name} is ${address}` }),
    (cause: unknown): ProbeStep => ({
      step: "name",
      ok: false,
      text: `The name ${name} is not found (${toMessage(cause)}). Check ${isProxy ? "HTTPS_PROXY" : `the spelling of ${addressName}`}, the network and its name server${isProxy ? "" : "; behind a proxy, set HTTPS_PROXY"}.`,
    }),
  )
}

async function openConnection(url: URL, isProxy: boolean): Promise<ProbeStep> {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80)
  const place = `${url.hostname}:${port}`
  const obstacle = await new Promise<string | undefined>((resolve) => {
    const socket = connect({ host: bare(url.hostname), port, timeout: patienceMs })
    const end = (text?: string) => {
      socket.destroy()
      resolve(text)
    }
    socket.on("connect", () => end())
    socket.on("timeout", () => end("no answer"))
    socket.on("error", (error) => end(rootMessage(error)))
  })
  if (obstacle === undefined)
    return {
      step: "connection",
      ok: true,
      text: `${isProxy ? "The proxy" : "The server"} ${place} can be reached`,
    }
  const way = isProxy
    ? "Check HTTPS_PROXY and HTTP_PROXY, and that the proxy runs."
    : "Check that the server runs and that no firewall is in the way; behind a proxy, set HTTPS_PROXY."
  return { step: "connection", ok: false, text: `${place} cannot be reached (${obstacle}). ${way}` }
}

async function askForAnswer(url: URL, proxy: URL | undefined, provider: ProviderId): Promise<ProbeStep> {
  const { addressName } = providers[provider]
  const base = url.href.replace(/\/$/, "").replace(/\/v1$/, "")
  const path =
    provider === "anthropic" ? `${base}/v1/models?limit=1` : `${url.href.replace(/\/$/, "")}/models`
  try {
    const response = await fetchLean(path, { signal: AbortSignal.timeout(patienceMs) })
    await response.body?.cancel()
    return judge(url, response, addressName)
  } catch (error) {
    return explain(url, { proxy, addressName }, error)
  }
}

function judge(url: URL, { status, headers }: Response, addressName: string): ProbeStep {
  const answer = (ok: boolean, text: string): ProbeStep => ({ step: "answer", ok, text })
  if (status === 407)
    return answer(false, "The proxy asks for a name and a password. Put them into HTTPS_PROXY.")
  if (isPage(headers))
    return answer(
      false,
      `${url.host} answers with a web page (${status}): sign in to this network (captive portal), or correct ${addressName}.`,
    )
  if (status >= 300 && status < 400)
    return answer(
      false,
      `${url.host} redirects to ${headers.get("location") ?? "another address"}. Set ${addressName} to the right address, or sign in to this network.`,
    )
  if (status >= 500)
    return answer(false, `${url.host} answers, but with an error (${status}). Try again later.`)
  return answer(true, `${url.host} answers (${status}${status === 401 ? ", as it does without a key" : ""})`)
}

function explain(
  url: URL,
  { proxy, addressName }: { proxy: URL | undefined; addressName: string },
  error: unknown,
): ProbeStep {
  const why = rootMessage(error)
  const code = codeOf(error)
  if (/^(CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)$/.test(code))
    return tls(`The certificate of ${url.host} is not valid now (${why}). Check this machine's clock.`)
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return tls(
      `The certificate is not that of ${url.host} (${why}). Check ${addressName}; a network that wants a sign-in does this, too.`,
    )
  if (/CERT|SIGNATURE|ISSUER/.test(code))
    return tls(
      `The certificate of ${url.host} is not trusted (${why}). Where a company or proxy signs its own, set NODE_EXTRA_CA_CERTS to its certificate (PEM) and start Aura again.`,
    )
  if (/^(ERR_SSL|EPROTO)/.test(code))
    return tls(
      `${url.host} does not speak TLS (${why}). Check the scheme and the port of ${addressName}${proxy ? " and of HTTPS_PROXY" : ""}.`,
    )
  const through = proxy ? ` through the proxy ${proxy.host}` : ""
  const way = proxy
    ? "Check that the proxy lets Aura through."
    : "Try again; a firewall or proxy may cut it off."
  return { step: "answer", ok: false, text: `${url.host} gives no answer${through} (${why}). ${way}` }
}

function tls(text: string): ProbeStep {
  return { step: "tls", ok: false, text }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ""
  if (error.cause instanceof Error) return codeOf(error.cause)
  return "code" in error ? String(error.code) : ""
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.+)\]$/, "$1")
}
