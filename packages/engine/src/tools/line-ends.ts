/** How a text file is written: its line ends and its byte order mark, which an agent's text need not repeat. */

export type Style = { hasMark: boolean; lineEnd: "\n" | "\r\n" }

const mark = "\ufeff"

/** The line end that most lines have. */
export function styleOf(text: string): Style {
  const all = text.split("\n").length - 1
  const windows = text.split("\r\n").length - 1
  return { hasMark: text.startsWith(mark), lineEnd: windows > all / 2 ? "\r\n" : "\n" }
}

/** Without mark, and with plain line ends where the file has the other ones. */
export function toPlain(text: string, { lineEnd }: Style): string {
  const bare = text.startsWith(mark) ? text.slice(mark.length) : text
  return lineEnd === "\n" ? bare : bare.replaceAll("\r\n", "\n")
}

/** A whole new text in the style of the old one. */
export function inStyle(text: string, style: Style): string {
  const plain = toPlain(text, style)
  const lines = style.lineEnd === "\n" ? plain : plain.replaceAll("\n", "\r\n")
  return (style.hasMark ? mark : "") + lines
}

/**
 * Replaces a text in a file whose line ends may be mixed: what is not replaced keeps its own to the byte.
 * @returns undefined when the text is not there
 */
export function replace(
  file: string,
  edit: { from: string; to: string },
): { count: number; apply(): string } | undefined {
  const exact = file.split(edit.from)
  const style = styleOf(file)
  if (exact.length > 1) {
    const isPart = style.lineEnd === "\r\n" && !edit.from.includes("\n")
    const to = isPart ? edit.to.replaceAll(/\r?\n/g, "\r\n") : edit.to
    return { count: exact.length - 1, apply: () => exact.join(to) }
  }
  const pattern = edit.from
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .map((line) => line.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"))
    .join("\\r?\\n")
  const found = [...file.matchAll(new RegExp(pattern, "gu"))]
  if (found.length === 0 || pattern === "") return undefined
  const apply = () => {
    let [text, at] = ["", 0]
    for (const match of found) {
      // As the lines that go, or as most lines of the file.
      const { lineEnd } = match[0].includes("\n") ? styleOf(match[0]) : style
      text += file.slice(at, match.index) + edit.to.replaceAll(/\r?\n/g, lineEnd)
      at = match.index + match[0].length
    }
    return text + file.slice(at)
  }
  return { count: found.length, apply }
}
