/** Which texts are not read as Markdown, since its parser takes time that grows with the square of some of them. Pure. */

const longestText = 300_000
/** Quotes and lists within each other at the beginning of a line. */
const nested = /^(?:[ \t]{0,8}(?:>|(?:[-+*]|\d{1,9}[.)])[ \t])){30}/m
const maxMarks = 4000

/** True for a text that is shown as it is. */
export function isCostly(text: string): boolean {
  return text.length > longestText || nested.test(text) || text.split("\n\n").some(hasManyMarks)
}

/** Signs that begin or end emphasis or a link: each is paired with those before it in its paragraph. */
function hasManyMarks(paragraph: string): boolean {
  let marks = 0
  for (const sign of paragraph) if ("*_[]~`".includes(sign)) marks++
  return marks > maxMarks
}
