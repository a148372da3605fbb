/**
 * Runs inside a sandbox: starts a server when told to, opens a page in a headless Chromium, and leaves what is there
 * as JSON, and a screenshot. Argument: a `Look` as JSON, and what the files are called; see `browser.ts`. It speaks Chromium's own
 * protocol over a pipe, for nothing but Node is at hand there.
 */
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { pathToFileURL } from "node:url"

const look = JSON.parse(process.argv[2] ?? "{}")
/** Where results are left. */
const leave = process.env.AURA_LEAVE ?? tmpdir()
const serveMs = 60_000
const loadMs = 30_000
const quietMs = 400
const scriptMs = 20_000
const maxLines = 30
const maxLineChars = 500
const maxNodes = 400
const maxPictureBytes = 3_500_000

/** States of a node that are told. */
const told = new Set("level checked disabled expanded selected pressed required invalid focused".split(" "))
/** Process groups to be ended. */
const started = []

const address = /^https?:\/\//i.test(look.page) ? look.page : pathToFileURL(resolve(look.page)).href
let said = ""
const served = look.serve ? startServer(look.serve) : undefined

try {
  if (!served && address.startsWith("file:") && !existsSync(resolve(look.page)))
    throw new Error(`There is no file ${look.page}.`)
  if (served) await waitFor(served)
  const found = await openPage()
  print({ ...found, server: said.slice(-2000) })
} catch (thrown) {
  print({ problem: thrown instanceof Error ? thrown.message : String(thrown), server: said.slice(-4000) })
} finally {
  for (const { pid } of started) if (pid) kill(pid)
}

/** The last thing that is done. */
function print(result) {
  writeFileSync(join(leave, look.result), JSON.stringify(result))
  process.stdout.write(`${result.problem ?? "The page was opened."}\n`, () => process.exit(0))
}

function kill(pid) {
  try {
    process.kill(-pid, "SIGKILL")
  } catch {
    // It has ended by itself.
  }
}

function startServer(command) {
  const child = spawn("/bin/sh", ["-c", command], { detached: true, stdio: ["ignore", "pipe", "pipe"] })
  started.push(child)
  const hear = (chunk) => {
    said = (said + chunk.toString()).slice(-20_000)
  }
  child.stdout.on("data", hear)
  child.stderr.on("data", hear)
  return child
}

/** Until it answers, whatever it says. */
async function waitFor(child) {
  let end = ""
  child.on("exit", (code) => {
    // One that only starts a server in the background has ended, and the page may still come.
    end = code === 0 ? "" : code === null ? "a signal" : `exit code ${code}`
  })
  for (const until = Date.now() + serveMs; Date.now() < until; await sleep(100)) {
    const answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(5_000) }).catch(
      () => undefined,
    )
    await answer?.body?.cancel()
    if (answer) return
    if (end !== "") throw new Error(`The server's command ended with ${end} before ${address} answered.`)
  }
  throw new Error(`Nothing answered at ${address} within ${serveMs / 1000} s.`)
}

async function openPage() {
  const browser = startBrowser()
  const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" })
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true })
  const send = (method, params) => browser.send(method, params, sessionId)
  const messages = []
  const note = (line) => {
    if (messages.length < maxLines) messages.push(line.slice(0, maxLineChars))
  }
  const urls = new Map()
  const open = new Set()
  let status
  let isLoaded = false
  browser.listen((method, params) => {
    switch (method) {
      case "Runtime.consoleAPICalled":
        if (["error", "warning", "assert"].includes(params.type))
          note(`console.${params.type}: ${params.args.map(toWords).join(" ")}`)
        break
      case "Runtime.exceptionThrown": {
        const { text, exception, url, lineNumber } = params.exceptionDetails
        note(`${exception?.description ?? text} (${url ?? "inline"}:${lineNumber + 1})`)
        break
      }
      case "Log.entryAdded":
        if (params.entry.level === "error" && params.entry.source !== "network") note(params.entry.text)
        break
      case "Network.requestWillBeSent":
        urls.set(params.requestId, params.request.url)
        open.add(params.requestId)
        break
      case "Network.responseReceived":
        if (params.type === "Document" && status === undefined) status = params.response.status
        if (params.response.status >= 400 && !params.response.url.endsWith("/favicon.ico"))
          note(`${params.response.status} ${params.response.url}`)
        if (params.type === "EventSource") open.delete(params.requestId)
        break
      case "Network.loadingFinished":
        open.delete(params.requestId)
        break
      case "Network.loadingFailed":
        open.delete(params.requestId)
        if (!params.canceled) note(`${params.errorText} ${urls.get(params.requestId) ?? ""}`)
        break
      case "Page.loadEventFired":
        isLoaded = true
        break
      case "Page.javascriptDialogOpening":
        note(`${params.type}: ${params.message}`)
        void send("Page.handleJavaScriptDialog", { accept: true })
    }
  })
  for (const domain of ["Page", "Runtime", "Log", "Network", "Accessibility"]) await send(`${domain}.enable`)
  const size = { width: look.width ?? 1280, height: look.height ?? 800, deviceScaleFactor: 1, mobile: false }
  await send("Emulation.setDeviceMetricsOverride", size)
  const { errorText } = await send("Page.navigate", { url: address })
  if (errorText) throw new Error(`${address} could not be opened: ${errorText}.`)
  /** Loaded, and nothing on its way for a moment. */
  const settle = async () => {
    const until = Date.now() + loadMs
    for (let quiet = 0; Date.now() < until && quiet < quietMs; await sleep(50))
      quiet = isLoaded && open.size === 0 ? quiet + 50 : 0
  }
  await settle()
  const script = look.script === undefined ? undefined : await run(send, look.script)
  if (script) await settle()
  const { nodes } = await send("Accessibility.getFullAXTree")
  const format = await takePicture(send)
  const { result: place } = await send("Runtime.evaluate", {
    expression: "JSON.stringify([document.title, location.href])",
  })
  const [title, url] = JSON.parse(place.value)
  return { title, url, status, script, messages, tree: toTree(nodes), format }
}

/** @returns what the script's value is, or how it failed */
async function run(send, expression) {
  // A statement is no expression: as the body of a function it may be both.
  const wrapped = `(async () => { ${expression}\n })()`
  const asked = { awaitPromise: true, returnByValue: true, userGesture: true, timeout: scriptMs }
  const answer = async (text) =>
    await Promise.race([
      send("Runtime.evaluate", { ...asked, expression: text }),
      sleep(scriptMs).then(() => ({ late: true })),
    ])
  const first = await answer(`(async () => (${expression}\n))()`)
  const isStatement = first.exceptionDetails?.exception?.className === "SyntaxError"
  const { late, result, exceptionDetails } = isStatement ? await answer(wrapped) : first
  if (late) return `did not end within ${scriptMs / 1000} s`
  if (exceptionDetails) return `threw ${exceptionDetails.exception?.description ?? exceptionDetails.text}`
  return result.value === undefined ? "undefined" : JSON.stringify(result.value).slice(0, 4000)
}

async function takePicture(send) {
  const png = await send("Page.captureScreenshot", { format: "png" })
  const bytes = Buffer.from(png.data, "base64")
  if (bytes.length <= maxPictureBytes) {
    writeFileSync(join(leave, look.picture), bytes)
    return "png"
  }
  const jpeg = await send("Page.captureScreenshot", { format: "jpeg", quality: 70 })
  writeFileSync(join(leave, look.picture), Buffer.from(jpeg.data, "base64"))
  return "jpeg"
}

function toWords({ type, value, description, preview }) {
  if (preview?.properties)
    return `{${preview.properties.map(({ name, value: held }) => `${name}: ${held}`).join(", ")}}`
  return String(value ?? description ?? type)
}

/** One line for each node that says something, indented; what only holds others is left out. */
function toTree(nodes) {
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const lines = []
  const walk = (node, depth, above) => {
    if (lines.length >= maxNodes) return
    const role = node.role?.value ?? ""
    const name = String(node.name?.value ?? "").trim()
    const isSilent =
      node.ignored ||
      ["none", "generic", "InlineTextBox", "LineBreak", "ListMarker"].includes(role) ||
      (role === "StaticText" && (name === "" || name === above))
    if (!isSilent) lines.push(`${"  ".repeat(depth)}${toLine(node, role, name)}`)
    for (const id of node.childIds ?? []) {
      const child = byId.get(id)
      if (child) walk(child, isSilent ? depth : depth + 1, isSilent ? above : name)
    }
  }
  const root = nodes.find(({ parentId }) => parentId === undefined)
  if (root) walk(root, 0, "")
  if (lines.length >= maxNodes) lines.push("…")
  return lines.join("\n")
}

function toLine(node, role, name) {
  if (role === "StaticText") return JSON.stringify(name.slice(0, 200))
  const value = node.value?.value
  const states = (node.properties ?? [])
    .filter(
      ({ name: state, value: { value: held } }) => told.has(state) && held !== false && held !== "false",
    )
    .map(({ name: state, value: { value: held } }) => (held === true ? state : `${state}=${held}`))
  return [
    role === "RootWebArea" ? "page" : role,
    name === "" ? "" : JSON.stringify(name.slice(0, 200)),
    value === undefined || value === "" ? "" : `value=${JSON.stringify(String(value).slice(0, 200))}`,
    ...states,
  ]
    .filter(Boolean)
    .join(" ")
}

function startBrowser() {
  const proxy = process.env.HTTP_PROXY
  const flags = [
    "--headless=new",
    // Its own sandbox needs what the one around it does not give.
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-quic",
    "--disable-crash-reporter",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
    "--allow-file-access-from-files",
    `--user-data-dir=${mkdtempSync(join(tmpdir(), "look-"))}`,
    ...(proxy ? [`--proxy-server=${proxy}`] : []),
    "--remote-debugging-pipe",
    "about:blank",
  ]
  const stdio = ["ignore", "ignore", "pipe", "pipe", "pipe"]
  const child = spawn(look.browser, flags, { detached: true, stdio })
  started.push(child)
  let complaint = ""
  child.stderr.on("data", (chunk) => {
    complaint = (complaint + chunk.toString()).slice(-2000)
  })
  const waiting = new Map()
  const listeners = []
  let lastId = 0
  let rest = ""
  const [, , , to, from] = child.stdio
  // Bytes of a character may come in two pieces.
  from.setEncoding("utf8")
  from.on("data", (text) => {
    const parts = (rest + text).split("\0")
    rest = parts.pop() ?? ""
    for (const part of parts) {
      const { id, result, error, method, params } = JSON.parse(part)
      if (method) for (const listener of listeners) listener(method, params)
      const one = waiting.get(id)
      waiting.delete(id)
      if (error) one?.reject(new Error(`${one.method}: ${error.message}`))
      else one?.resolve(result)
    }
  })
  const fail = () => {
    for (const { reject } of waiting.values())
      reject(new Error(`Chromium ended by itself. ${complaint.trim().split("\n").slice(-3).join(" ")}`))
    waiting.clear()
  }
  child.on("error", fail)
  child.on("exit", fail)
  to.on("error", fail)
  return {
    send: (method, params = {}, sessionId) =>
      new Promise((done, reject) => {
        const id = ++lastId
        waiting.set(id, { resolve: done, reject, method })
        to.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`)
      }),
    listen: (listener) => void listeners.push(listener),
  }
}
