/** Terminal output as text with colours: colour codes become spans, every other control code is dropped. Pure. */

export type AnsiSpan = { text: string; color?: AnsiColor; bold?: true; dim?: true }
export type AnsiColor = "red" | "green" | "yellow" | "blue" | "grey"

const colors: Readonly<Record<number, AnsiColor>> = {
  1: "red",
  2: "green",
  3: "yellow",
  4: "blue",
  5: "blue",
  6: "blue",
}

const esc = String.fromCharCode(27)
const bell = String.fromCharCode(7)
const sequence = new RegExp(
  `${esc}\\[([0-9;:?]*)([@-~])|${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?|${esc}[@-_]?`,
  "g",
)
const controls = new RegExp(`[${String.fromCharCode(0)}-\\x08\\x0b-\\x1a\\x1c-\\x1f\\x7f-\\x9f]`, "g")

export function toSpans(output: string): AnsiSpan[] {
  const text = keepLastOfEachLine(output)
  const spans: AnsiSpan[] = []
  let style: Omit<AnsiSpan, "text"> = {}
  let at = 0
  for (const match of text.matchAll(sequence)) {
    push(spans, text.slice(at, match.index), style)
    if (match[2] === "m") style = restyle(style, match[1] ?? "")
    at = match.index + match[0].length
  }
  push(spans, text.slice(at), style)
  return spans
}

export function stripAnsi(output: string): string {
  return keepLastOfEachLine(output).replace(sequence, "").replace(controls, "")
}

/** A progress bar redraws its line after `\r`: only what it drew last is kept. */
function keepLastOfEachLine(text: string): string {
  if (!text.includes("\r")) return text
  return text
    .split("\n")
    .map(
      (line) =>
        line
          .replace(/(?<!\r)\r+$/, "")
          .split("\r")
          .at(-1) ?? "",
    )
    .join("\n")
}

function push(spans: AnsiSpan[], raw: string, style: Omit<AnsiSpan, "text">): void {
  const text = raw.replace(controls, "")
  if (text) spans.push({ text, ...style })
}

function restyle(style: Omit<AnsiSpan, "text">, codes: string): Omit<AnsiSpan, "text"> {
  let next = style
  for (const code of codes.split(/[;:]/).map(Number)) {
    if (code === 38 || code === 48) return next
    next = applyCode(next, code)
  }
  return next
}

function applyCode(style: Omit<AnsiSpan, "text">, code: number): Omit<AnsiSpan, "text"> {
  if (code === 0) return {}
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  if (code === 39) return without(style, "color")
  if (code === 22) return without(without(style, "bold"), "dim")
  if (code === 90) return { ...style, color: "grey" }
  const color =
    code >= 30 && code <= 37 ? colors[code - 30] : code >= 91 && code <= 97 ? colors[code - 90] : undefined
  if (color) return { ...style, color }
  return code === 37 || code === 30 || code === 97 ? without(style, "color") : style
}

function without(style: Omit<AnsiSpan, "text">, key: "color" | "bold" | "dim"): Omit<AnsiSpan, "text"> {
  const { [key]: _, ...rest } = style
  return rest
}
