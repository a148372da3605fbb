/**
 * Runs inside a sandbox: passes what comes to a port of its loopback on to the proxy's socket, and runs the command with
 * that port as its proxy. Arguments: the socket, then the command. Ends as the command ends.
 */
import { spawn } from "node:child_process"
import { connect, createServer } from "node:net"

const [socket = "", file = "", ...args] = process.argv.slice(2)
const server = createServer((client) => {
  const onward = connect(socket)
  client.on("error", () => onward.destroy())
  onward.on("error", () => client.destroy())
  client.pipe(onward).pipe(client)
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  const proxy = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`
  const names = [
    "http_proxy",
    "https_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "npm_config_proxy",
    "npm_config_https_proxy",
  ]
  const env = {
    ...process.env,
    NODE_USE_ENV_PROXY: "1",
    ...Object.fromEntries(names.map((name) => [name, proxy])),
  }
  const child = spawn(file, args, { stdio: "inherit", env })
  child.on("error", () => process.exit(127))
  child.on("exit", (code) => process.exit(code ?? 137))
})
