/** xterm.js as Aura sets it up: its colours are the tokens, its answers are the server's, and the keyboard can leave it. */
import { FitAddon } from "@xterm/addon-fit"
import { SearchAddon } from "@xterm/addon-search"
import { Unicode11Addon } from "@xterm/addon-unicode11"
import { WebLinksAddon } from "@xterm/addon-web-links"
import { type ITheme, Terminal } from "@xterm/xterm"
import { hideCursor, readKey } from "./reading.ts"

export type OwnScreen = { terminal: Terminal; fit: FitAddon; search: SearchAddon }

export type ScreenOptions = {
  /** What it is, for those who do not see it. */
  label: string
  /** True: read-only. Keys scroll it, input is ignored, and line ends are those of programs without a terminal. */
  isReadOnly: boolean
  find(): void
  leave(): void
  /** Called when a key is typed into a read-only screen. */
  refuse(): void
}

export function createScreen(place: HTMLElement, options: ScreenOptions): OwnScreen {
  const terminal = new Terminal({
    allowProposedApi: true,
    scrollback: 10_000,
    fontFamily: getComputedStyle(place).fontFamily,
    fontSize: 13,
    minimumContrastRatio: 4.5,
    cursorBlink: false,
    disableStdin: options.isReadOnly,
    convertEol: options.isReadOnly,
    linkHandler: {
      activate: openLink,
      // The text of such a link may differ from its target.
      hover: (_, url) => place.setAttribute("title", url),
      leave: () => place.removeAttribute("title"),
    },
    theme: readTheme(place),
  })
  const fit = new FitAddon()
  const search = new SearchAddon()
  for (const addon of [fit, search, new Unicode11Addon(), new WebLinksAddon(openLink)])
    terminal.loadAddon(addon)
  terminal.unicode.activeVersion = "11"
  keepStill(terminal)
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== "keydown") return true
    if (event.ctrlKey && command(terminal, event, options)) {
      event.preventDefault()
      return false
    }
    if (options.isReadOnly) return readKey(terminal, event, options.refuse)
    // The browser pastes.
    return !(event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "v")
  })
  terminal.open(place)
  terminal.textarea?.setAttribute("aria-label", options.label)
  if (options.isReadOnly) hideCursor(terminal)
  else place.addEventListener("paste", (event) => paste(terminal, event), { capture: true })
  return { terminal, fit, search }
}

/** Plain text only: an escape sequence in it could end the paste early, so that the shell runs the rest. */
function paste(terminal: Terminal, event: ClipboardEvent): void {
  event.preventDefault()
  event.stopPropagation()
  const text = event.clipboardData?.getData("text/plain") ?? ""
  terminal.paste(text.replace(/(?![\t\r\n])\p{Cc}/gu, ""))
}

/** What Ctrl and a key do here. @returns true when it was one of these */
function command(terminal: Terminal, event: KeyboardEvent, options: ScreenOptions): boolean {
  const key = event.key.toLowerCase()
  const chosen = terminal.getSelection()
  if (key === "c" && chosen !== "") {
    void navigator.clipboard.writeText(chosen)
    terminal.clearSelection()
  } else if (event.shiftKey && key === "f") options.find()
  else if (event.shiftKey && key === "l") options.leave()
  else return false
  return true
}

/** The server's screen answers what programs ask; a second answer from here would be typed into the shell. */
function keepStill({ parser }: Terminal): void {
  const asks = [
    { final: "c" },
    { prefix: ">", final: "c" },
    { prefix: "=", final: "c" },
    { final: "n" },
    { prefix: "?", final: "n" },
    { intermediates: "$", final: "p" },
    { prefix: "?", intermediates: "$", final: "p" },
  ]
  for (const ask of asks) parser.registerCsiHandler(ask, () => true)
  parser.registerDcsHandler({ intermediates: "$", final: "q" }, () => true)
  // A colour that is asked for is not told.
  for (const colour of [4, 10, 11, 12]) parser.registerOscHandler(colour, (text) => text.endsWith("?"))
}

/** What a program printed may lead to the web alone. */
function openLink(_: MouseEvent, url: string): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return
  window.open(url, "_blank", "noopener,noreferrer")
}

/** The tokens as they look now. */
export function readTheme(place: HTMLElement): ITheme {
  const probe = document.createElement("span")
  place.append(probe)
  const read = (token: string) => {
    probe.style.color = `var(--${token})`
    return getComputedStyle(probe).color
  }
  const theme = {
    background: read("surface"),
    foreground: read("ink"),
    cursor: read("accent"),
    cursorAccent: read("surface"),
    selectionBackground: read("line-strong"),
    red: read("bad"),
    green: read("ok"),
    yellow: read("warn"),
    blue: read("accent"),
  }
  probe.remove()
  return theme
}
