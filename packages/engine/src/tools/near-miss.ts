/** Why a text that was to be replaced is not in a file: the closest lines, and what differs. */

const maxShown = 12
const longestText = 20_000

const quotes: Record<string, string> = {
  "‘": "'",
  "’": "'",
  "‚": "'",
  "“": '"',
  "”": '"',
  "„": '"',
  "«": '"',
  "»": '"',
  "–": "-",
  "—": "-",
  "−": "-",
  "…": "...",
}

/** From what says the least to what says the most: the first that makes the texts equal names the cause. */
const causes: readonly (readonly [string, (text: string) => string])[] = [
  [
    "Unicode forms differ (NFC and NFD): characters that look the same are written otherwise there",
    (text) => text.normalize("NFC"),
  ],
  ["white space at the ends of lines differs", (text) => text.split("\n").map(trimLine).join("\n")],
  [
    "white space differs: tabs, spaces, indentation or invisible characters",
    (text) =>
      text
        .replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, "")
        .replace(/[\p{Zs}\t]+/gu, " ")
        .replace(/^ | $/gm, ""),
  ],
  [
    "quotes, dashes or dots differ: typographic ones and plain ones",
    (text) => text.replace(/[‘’‚“”„«»–—−…]/g, (char) => quotes[char] ?? char),
  ],
  ["small and capital letters differ", (text) => text.toLowerCase()],
]

/** @returns words for the model; both texts have plain line ends */
export function explainMiss(text: string, wanted: string): string {
  let plain = (one: string) => one
  for (const [cause, normalize] of causes) {
    const before = plain
    plain = (one) => normalize(before(one))
    const line = findLines(text, wanted, plain)
    if (line !== undefined) return `${cause}. ${show(text, wanted, line)}`
  }
  const line = closestLine(text, wanted, plain)
  return line === undefined
    ? "Nothing like it is there. Read the file and copy the text exactly."
    : `Other lines of it differ. ${show(text, wanted, line)}`
}

/** Without the spaces and tabs at its end. */
function trimLine(line: string): string {
  let end = line.length
  while (line[end - 1] === " " || line[end - 1] === "\t") end -= 1
  return line.slice(0, end)
}

function trimEmptyLines(text: string): string {
  let [start, end] = [0, text.length]
  while (text[start] === "\n") start += 1
  while (end > start && text[end - 1] === "\n") end -= 1
  return text.slice(start, end)
}

/** The line where all lines of a text stand, once both are made plain. */
function findLines(text: string, wanted: string, plain: (text: string) => string): number | undefined {
  const at = plain(text).indexOf(trimEmptyLines(plain(wanted)))
  return at < 0 || plain(wanted).trim() === "" ? undefined : plain(text).slice(0, at).split("\n").length - 1
}

/** The first line of the longest run of lines that stand in the text. */
function closestLine(text: string, wanted: string, plain: (text: string) => string): number | undefined {
  if (wanted.length > longestText) return undefined
  const lines = plain(text).split("\n")
  const searched = plain(wanted)
    .split("\n")
    .map((line, at) => ({ line, at }))
    .filter(({ line }) => line.trim().length > 2)
    .toSorted((a, b) => b.line.length - a.line.length)
  for (const { line, at } of searched.slice(0, 20)) {
    const found = lines.findIndex((one) => one.includes(line) || (one.length > 5 && line.includes(one)))
    if (found >= 0) return Math.max(0, found - at)
  }
  return undefined
}

function show(text: string, wanted: string, line: number): string {
  const count = Math.min(wanted.split("\n").length, maxShown)
  const lines = text.split("\n").slice(line, line + count)
  return `The closest lines begin at line ${line + 1}:\n${lines.join("\n")}\nCopy them exactly.`
}
