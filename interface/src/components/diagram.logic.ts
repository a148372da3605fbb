/** Prepares the source of a diagram before rendering, and the result before display. Pure. */

/** Longer sources are shown as they are: laying them out would hold up the page. */
export const longestDiagram = 20_000

/** The source without front matter, directives and comments, one statement a line. */
export function cleanSource(source: string): string {
  return source
    .replace(/^\s*---\n[\s\S]*?\n---\n/, "")
    .replace(/%%\{(?:(?!%%\{)[\s\S])*?\}%%/g, "")
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("%%"))
    .map(splitStatements)
    .join("\n")
    .trim()
}

/** Breaks a line at each `;` that is followed by an even number of quotes: the others stand within quotes. */
function splitStatements(line: string): string {
  const parts = line.split('"')
  const isOutside = (i: number) => (parts.length - 1 - i) % 2 === 0
  return parts.map((part, i) => (isOutside(i) ? part.replace(/;[ \t]*/g, "\n") : part)).join('"')
}

/**
 * The drawing as the address of an image. In an image nothing runs, nothing is loaded and nothing can be clicked,
 * whatever the source says.
 */
export function toImageAddress(svg: string): string {
  const alone = svg.replace(/@import\s+url\([^()]*\);?/g, "")
  return `data:image/svg+xml,${encodeURIComponent(alone.toWellFormed())}`
}
