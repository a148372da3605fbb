/** The way out of a sandbox: a proxy on a socket file that opens connections to granted hosts and to no other. */
import { createServer, request, type Server } from "node:http"
import { connect } from "node:net"

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
    const onward = request(url, { method: asked.method, headers }, (reply) => {
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
    const onward = connect(Number(url.port), host.replace(/^\[|\]$/g, ""), () => {
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

function refusal(host = ""): string {
  return `Aura: ${host || "this host"} is not granted to this project.\n`
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(path, () => resolve())
  })
}
