/** Labels that a document gives its statements itself: R7, FR-001, [REQ-3.2], US 4. */

const known = /^(?:R|REQ|FR|NFR|UR|SR|TR|BR|US|UC|AC|RF|RNF|EF|ENF|ANF|SYS|FUNC|STORY|EPIC|TASK|T|F|NF)$/
const label =
  /^[[(]?((?:[A-Z][A-Z0-9]{0,11}[-_.]){0,3}([A-Z]{1,12})[-_. ]?\d{1,6}(?:[.-]\d{1,4}){0,4}[a-z]?)(?:[\])]|(?=[\s:.)–—-]|$))\s*([:.)–—-])?/

const spelled =
  /^((?:user story|story|requirement|use case|feature|epic|anforderung|exigence|requisito|requirement|требование|要求|需求|要件)\s*#?\d{1,4}(?:\.\d{1,4}){0,3})\s*(?:[:.)–—-]|$)/iu

/** @param isHeading true: more than a word and a figure is asked for, since "UTF-8 files" is one too */
export function findLabel(text: string, isHeading = false): string | undefined {
  const found = label.exec(text)
  if (!found) return spelled.exec(text)?.[1]
  const [whole, name, prefix = "", closing] = found
  if (!isHeading) return known.test(prefix) || closing || /^[[(]/.test(whole) ? name : undefined
  return known.test(prefix) || /[-_.]\d/.test(name ?? "")
    ? closing || known.test(prefix)
      ? name
      : undefined
    : undefined
}
