/** Aura on the desktop: a server, its windows in a process of their own, and what goes between them. */
import { isUtf8 } from "node:buffer"
import { readFile, stat } from "node:fs/promises"
import { basename, join } from "node:path"
import { toMessage, WindowOrder } from "@aura/core"
import type { Env } from "@aura/server"
import { followStream } from "./follow-stream.ts"
import { findHome, type Home } from "./home.ts"
import { keepShell } from "./keep-shell.ts"
import type { Closing, FromShell } from "./messages.ts"
import { rememberPlaces } from "./remember.ts"
import { type ShellProcess, startShell } from "./shell-process.ts"
import { createAwake } from "./system/awake.ts"
import { openOutside } from "./system/browser.ts"
import { pick } from "./system/pick.ts"
import { followWork } from "./work.ts"

export type DesktopOptions = {
  env: Env
  /** The windows' process, on its way. */
  first: ShellProcess
  /** For those that come after it. */
  variables: NodeJS.ProcessEnv
  /** Resolves when the process is asked to end. */
  asked: Promise<void>
  say(line: string): void
}

/** Between planning and the loop there are moments without work. */
const quietMs = 10_000
const largestDocument = 2 * 1024 * 1024

/** Resolves when the last window is closed and no work continues without it. */
export async function runDesktop({ env, first, variables, asked, say }: DesktopOptions): Promise<void> {
  const home = await findHome(env, say)
  if (!home.isOwn && (await isShown(home))) return say("Aura's window is open already; it came to the front.")
  const memory = rememberPlaces(env.dataDir)
  const awake = createAwake()
  const over = Promise.withResolvers<void>()
  let quiet: NodeJS.Timeout | undefined

  const signIn = async (path: string) => {
    const { code } = await home.client.call("createSignInLink", {})
    return `${home.url}${path}#code=${code}`
  }
  const shell = keepShell({
    first,
    start: () => startShell(join(env.dataDir, "window"), variables),
    signIn,
    makeOpen: (url) => ({ type: "open", url, home: home.url, places: memory.places() }),
    hear: (message) => void hear(message).catch((thrown: unknown) => say(toMessage(thrown))),
    onHopeless: () => void showInBrowser(),
    say,
  })
  const work = followWork(home.client, (projects) => {
    awake.set(projects.length > 0)
    clearTimeout(quiet)
    if (projects.length === 0 && !shell.isOpen()) quiet = setTimeout(over.resolve, quietMs)
  })
  const detach = followStream(home.client, "attachWindow", (value) => {
    const order = WindowOrder.safeParse(value).data
    if (order) void obey(order)
  })

  async function hear(message: FromShell): Promise<void> {
    switch (message.type) {
      case "placed":
        return memory.note(message.places)
      case "outside":
        return openOutside(message.url)
      case "newWindow":
        return shell.open(message.path)
      case "signIn":
        return shell.send({ type: "load", window: message.window, url: await signIn(message.path) })
      case "dropped":
        return await drop(message.window, message.file)
      case "closing":
      case "quit":
        return close(message.window)
      case "answered":
        return await answer(message.answer)
    }
  }

  /** Work in another server needs no question, since it does not end with this process. */
  function close(window: number): void {
    if (home.isOwn && work.projects().length > 0) shell.send({ type: "ask", window })
    else over.resolve()
  }

  async function answer(given: Closing): Promise<void> {
    if (given === "cancel") return
    if (given === "keep") {
      say("Aura goes on without a window, until its work is done. Start it again to see it.")
      return await shell.close()
    }
    for (const p of work.projects()) {
      await home.client.call("stopLoop", { params: { p } }).catch(() => undefined)
      await home.client.call("stopPlan", { params: { p } }).catch(() => undefined)
    }
    over.resolve()
  }

  async function obey(order: WindowOrder): Promise<void> {
    if (order.type === "notify") return shell.send(order)
    if (order.type === "pick") {
      const body = await pick(order.kind, order.title)
      return await home.client.call("answerWindow", { params: { id: order.id }, body }).catch(() => undefined)
    }
    clearTimeout(quiet)
    // A start without a place to go shows what there is.
    if (order.path === "/" && shell.isOpen()) shell.send({ type: "focus" })
    else shell.open(order.path)
  }

  async function drop(window: number, file: string): Promise<void> {
    const name = basename(file)
    const refuse = (why: string) => shell.send({ type: "refuse", window, problem: `${name} ${why}` })
    const { size = 0 } = (await stat(file).catch(() => undefined)) ?? {}
    if (size > largestDocument) return refuse("is too large to be a requirements document.")
    const bytes = await readFile(file).catch(() => undefined)
    if (!bytes) return refuse("is no file that can be read.")
    if (!isUtf8(bytes) || bytes.includes(0)) return refuse("is no text. Drop a Markdown document.")
    shell.send({ type: "drop", window, name, text: bytes.toString("utf8") })
  }

  async function showInBrowser(): Promise<void> {
    const link = await signIn("/")
    say(`Aura's own window cannot be shown here (${howToFix()}), so it opens in the browser: ${link}`)
    openOutside(link)
  }

  shell.open("/")
  await Promise.race([over.promise, asked])
  clearTimeout(quiet)
  detach()
  work.stop()
  awake.set(false)
  await shell.close()
  await home.close()
}

/** A second start shows the window there is. */
async function isShown(home: Home): Promise<boolean> {
  return await home.client.call("openWindow", { body: {} }).then(
    () => true,
    () => false,
  )
}

function howToFix(): string {
  if (process.platform === "linux")
    return "it needs a display and WebKitGTK: apt-get install libwebkit2gtk-4.1-0 libxdo3"
  return process.platform === "win32"
    ? "it needs WebView2 of Microsoft Edge"
    : "the system's web view did not start"
}
