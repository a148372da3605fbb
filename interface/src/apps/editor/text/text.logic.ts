/** Texts as an editor takes them: line ends, indents, and what differs between two of them. Pure. */

/** What ends the lines, when all end alike; a text of mixed ends keeps its carriage returns as characters. */
export function lineEndOf(text: string): "\n" | "\r\n" {
  const ends = text.match(/\r?\n/g)
  return ends?.every((end) => end === "\r\n") ? "\r\n" : "\n"
}

export function toLines(text: string): string[] {
  return text.split(lineEndOf(text))
}

/** What one step of indentation is in a text; two blanks where nothing tells. */
export function indentOf(text: string): string {
  const counts = new Map<string, number>()
  let before = 0
  for (const line of text.slice(0, 50_000).split("\n", 1_000)) {
    const [indent = ""] = /^[\t ]*(?=\S)/.exec(line) ?? []
    if (indent.startsWith("\t")) counts.set("\t", (counts.get("\t") ?? 0) + 1)
    else {
      const step = indent.length - before
      if (step === 2 || step === 4 || step === 8)
        counts.set(" ".repeat(step), (counts.get(" ".repeat(step)) ?? 0) + 1)
      before = indent.length
    }
  }
  const [most] = [...counts].toSorted(([, a], [, b]) => b - a)
  return most?.[0] ?? "  "
}

/** The one range that differs between two texts, undefined for the same. */
export function findChange(
  from: string,
  to: string,
): { from: number; to: number; insert: string } | undefined {
  if (from === to) return undefined
  const most = Math.min(from.length, to.length)
  let start = 0
  while (start < most && from.charCodeAt(start) === to.charCodeAt(start)) start++
  let end = 0
  while (end < most - start && from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end))
    end++
  return { from: start, to: from.length - end, insert: to.slice(start, to.length - end) }
}
