/** The way out of a sandbox: a proxy on a socket file that opens connections to granted hosts and to no other. */

import { lookup } from "node:dns"
import { createServer, request, type Server } from "node:http"
import { BlockList, connect, isIP, type LookupFunction } from "node:net"

export type Proxy = { readonly path: string; close(): void }

/**
 * @param path of the socket file; the sandbox is handed it
 * @param isGranted asked for every connection anew, with the name as the command gave it, in lower case
 */
export async function openProxy(path: string, isGranted: (host: string) => boolean): Promise<Proxy> {
  const server = createServer((asked, answer) => {
    const url = URL.canParse(asked.url ?? "") ? new URL(asked.url ?? "") : undefined
    if (url?.protocol !== "http:" || !isGranted(url.hostname))
      return answer.writeHead(403).end(refusal(url?.hostname))
    const { "proxy-connection": _, "proxy-authorization": __, ...headers } = asked.headers
    const lookup = lookupFor(url.hostname)
    const onward = request(url, { method: asked.method, headers, ...lookup }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
    })
    onward.on("error", (cause) => answer.headersSent || answer.writeHead(502).end(`${cause.message}\n`))
    asked.pipe(onward)
  })
  server.on("connect", (asked, socket, head) => {
    // One parser for the name that is judged and the name that is connected to.
    const url = URL.canParse(`tcp://${asked.url}`) ? new URL(`tcp://${asked.url}`) : undefined
    const host = url?.hostname.toLowerCase() ?? ""
    socket.on("error", () => undefined)
    if (!url?.port || !isGranted(host)) return socket.end(`HTTP/1.1 403 Forbidden\r\n\r\n${refusal(host)}`)
    const name = host.replace(/^\[|\]$/g, "")
    const onward = connect({ port: Number(url.port), host: name, ...lookupFor(name) }, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n")
      onward.write(head)
      socket.pipe(onward).pipe(socket)
    })
    onward.on("error", () => socket.destroy())
    socket.on("close", () => onward.destroy())
  })
  await listen(server, path)
  server.unref()
  return { path, close: () => server.close() }
}

const ownAddresses = new BlockList()
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
] as const)
  ownAddresses.addSubnet(net, prefix)
for (const [net, prefix] of [
  ["::", 127],
  ["fe80::", 10],
] as const)
  ownAddresses.addSubnet(net, prefix, "ipv6")

/** Who grants a name does not grant this machine: a name that leads to its loopback is not followed there. */
function lookupFor(name: string): { lookup?: LookupFunction } {
  if (name === "localhost" || isIP(name) !== 0) return {}
  return { lookup: lookupOutside }
}

/** Like DNS's own lookup, less addresses of this machine. @see net.LookupFunction */
export const lookupOutside: LookupFunction = (name, options, done) => {
  lookup(name, { ...options, all: true }, (cause, found) => {
    if (cause) return done(cause, "")
    const outside = found.filter(
      ({ address, family }) => !ownAddresses.check(address, family === 6 ? "ipv6" : "ipv4"),
    )
    const [first] = outside
    if (!first) return done(new Error(`${name} leads to this machine itself, which was not granted.`), "")
    if (options.all) done(null, outside)
    else done(null, first.address, first.family)
  })
}

function refusal(host = ""): string {
  return `Aura: ${host || "this host"} is not granted to this project.\n`
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(path, () => resolve())
  })
}
