/** The text that redraws a screen: what is visible, and the state that affects later output. */
import type { Terminal } from "@xterm/headless"

/** Not part of xterm's public API; the version is pinned, and the corpus of sequences tests it. */
type Core = {
  buffer: { scrollTop: number; scrollBottom: number }
  _inputHandler: { _parser: { currentState: number } }
  _charsetService: { glevel: number; _charsets: ({ q?: string } | undefined)[] }
}

const csi = "\x1b["
const designators = ["(", ")", "*", "+"] as const

const maxBegun = 4096

/**
 * @param shown the screen and scrollback as the serialize addon gives them
 * @param begun what `findBegun` says
 */
export function redraw(terminal: Terminal, shown: string, begun: string): string {
  const core = coreOf(terminal)
  return shown + place(terminal, core) + charsets(core) + begun
}

/**
 * The unfinished escape sequence; of a long one, as much as is needed to continue it elsewhere.
 * @param before what this said before `text` was written
 */
export function findBegun(terminal: Terminal, before: string, text: string): string {
  const isGround = coreOf(terminal)._inputHandler._parser.currentState === 0
  if (isGround) return ""
  const start = text.lastIndexOf("\x1b")
  return (start < 0 ? before + text : text.slice(start)).slice(0, maxBegun)
}

function coreOf(terminal: Terminal): Core {
  return Reflect.get(terminal, "_core")
}

/** Scroll region and cursor; a cursor that is about to wrap at the end of a line stays where the text left it. */
function place({ buffer, cols, rows, modes }: Terminal, core: Core): string {
  const { scrollTop, scrollBottom } = core.buffer
  const whole = scrollTop === 0 && scrollBottom === rows - 1
  const { cursorX, cursorY } = buffer.active
  if (whole && cursorX >= cols) return ""
  const region = whole ? "" : `${csi}${scrollTop + 1};${scrollBottom + 1}r`
  const row = modes.originMode ? cursorY - scrollTop : cursorY
  return `${region}${csi}${row + 1};${Math.min(cursorX, cols - 1) + 1}H`
}

/** Line drawing, the only other character set in use. */
function charsets({ _charsetService: { _charsets, glevel } }: Core): string {
  const drawn = designators.flatMap((sign, level) => (_charsets[level]?.q === "─" ? [`\x1b${sign}0`] : []))
  return drawn.join("") + (glevel === 1 ? "\x0e" : "")
}
