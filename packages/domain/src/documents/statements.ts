/**
 * What a document says, statement by statement, and whether each counts as a requirement: by structure (lists, tables,
 * scenarios, labels) and by words. When unsure it counts and says so; what does not count says why.
 */
import type { UncountedReason } from "@aura/core"
import { findDemand } from "./demands.ts"
import { isScenario, readGherkin } from "./gherkin.ts"
import { readHtml } from "./html.ts"
import { findLabel } from "./labels.ts"
import { type Block, readInline, readOutline } from "./outline.ts"

export type Verdict = "counted" | "unsure" | UncountedReason
export type Statement = { text: string; line: number; label: string | undefined; verdict: Verdict }

/** Where a block stands. */
type Place = {
  /** Under a heading of contents, or of what is not wanted. */
  section: "contents" | "aside" | "plain"
  /** The paragraph before a list ends with a colon and demands nothing: it is an enumeration of something. */
  isEnumeration: boolean
  isStruck: boolean
}

export function findStatements(markdown: string): Statement[] {
  const { text, frontMatter } = takeFrontMatter(markdown)
  const blocks = readOutline(text)
  const headings = new Set(
    blocks.flatMap((one) => (one.type === "heading" ? [fold(readInline(one).text)] : [])),
  )
  const found = readBlocks(blocks, { section: "plain", isEnumeration: false, isStruck: false }, headings)
  const all = frontMatter ? [build(frontMatter, 1, "front_matter"), ...found] : found
  const introduction = findIntroduction(all)
  return fallBack(
    all.map((one) => (one.verdict === "prose" ? weigh(one, one === introduction) : one)),
    introduction,
  )
}

/** The paragraph that a document opens with says what it is about. */
function findIntroduction(statements: readonly Statement[]): Statement | undefined {
  const first = statements.find(({ verdict }) => verdict !== "heading" && verdict !== "front_matter")
  return first?.verdict === "prose" ? first : undefined
}

export function isCounted({ verdict }: Statement): boolean {
  return verdict === "counted" || verdict === "unsure"
}

/** A document in which nothing else counts is taken paragraph by paragraph, and one of headings by its headings. */
function fallBack(statements: readonly Statement[], introduction: Statement | undefined): Statement[] {
  const prose = statements.filter(({ verdict }) => verdict === "prose")
  if (!statements.some(isCounted))
    return promote(statements, prose.length > 0 ? "prose" : "heading", "counted")
  if (prose.length === 0) return [...statements]
  // Without a word of any language that is known, what a paragraph says cannot be told.
  if (statements.some(({ text }) => findDemand(text) !== "no")) return foreign(statements)
  return promote(statements, "prose", "unsure", introduction?.line)
}

function promote(
  statements: readonly Statement[],
  from: Verdict,
  to: Verdict,
  butLine?: number,
): Statement[] {
  return statements.map((one) =>
    one.verdict === from && one.line !== butLine ? { ...one, verdict: to } : one,
  )
}

/** Paragraphs in a script in which no demand was recognized are unsure. */
function foreign(statements: readonly Statement[]): Statement[] {
  const known = new Set(statements.flatMap(({ text }) => (findDemand(text) === "no" ? [] : [scriptOf(text)])))
  return statements.map((one) =>
    one.verdict === "prose" && !known.has(scriptOf(one.text)) ? { ...one, verdict: "unsure" } : one,
  )
}

function weigh(statement: Statement, isIntroduction = false): Statement {
  const demand = statement.label ? "yes" : findDemand(statement.text)
  if (demand === "no" || (demand === "hint" && isIntroduction)) return statement
  return { ...statement, verdict: demand === "yes" ? "counted" : "unsure" }
}

function readBlocks(blocks: readonly Block[], place: Place, headings: ReadonlySet<string>): Statement[] {
  const found: Statement[] = []
  let { section } = place
  /** The heading that counts, and takes what is said below it along. */
  let open: Statement | undefined
  let isIntroduced = false
  /** The level of the heading that says that requirements follow; it holds for the headings below it. */
  let wanted: number | undefined
  for (const [i, block] of blocks.entries()) {
    const here: Place = { ...place, section, isEnumeration: isIntroduced }
    isIntroduced = false
    if (block.type === "heading") {
      const heading = readHeading(block, blocks[i + 1])
      section = sectionOf(heading.text)
      if (wanted !== undefined && block.level <= wanted) wanted = undefined
      if (wanted === undefined && announces.test(heading.text)) wanted = block.level
      else if (
        wanted !== undefined &&
        section === "plain" &&
        heading.verdict === "heading" &&
        leads(blocks[i + 1])
      )
        heading.verdict = "unsure"
      open = isCounted(heading) ? heading : undefined
      if (heading.text !== "") found.push(heading)
    } else if (block.type === "paragraph") {
      const statements = readParagraph(block, here)
      const [only] = statements
      const isDemand = statements.some((one) => isCounted(weighed(one)))
      isIntroduced = !isDemand && /[:：]$/.test(only?.text ?? "")
      if (open && !isDemand && only?.verdict === "prose" && !isIntroduced) open.text += ` ${only.text}`
      else if (
        wanted !== undefined &&
        section === "plain" &&
        !isDemand &&
        only?.verdict === "prose" &&
        !isIntroduced
      )
        found.push({ ...only, verdict: "unsure" })
      else found.push(...statements)
    } else for (const statement of readBlock(block, here, headings)) found.push(statement)
  }
  return found
}

function weighed(statement: Statement): Statement {
  return statement.verdict === "prose" ? weigh(statement) : statement
}

function readBlock(block: Block, place: Place, headings: ReadonlySet<string>): Statement[] {
  switch (block.type) {
    case "list":
      return readList(block, place, headings)
    case "table":
      return readTable(block, place)
    case "code":
      return readCode(block)
    case "html":
      return readHtmlBlock(block, place)
    default:
      return readBlocks(block.children, place, headings)
  }
}

function readHeading(block: Block, next: Block | undefined): Statement {
  const { text, struck } = readInline(block)
  if (text === "" && struck !== "") return build(struck, block.line, "struck")
  const label = findLabel(text, true)
  // "What it must do" over a list is a title; a demand stands for itself.
  const isTitle = next?.type === "list" || next?.type === "table" || text.split(" ").length < 4
  const counts = label !== undefined || isScenario(text) || (!isTitle && findDemand(text) === "yes")
  return { text, line: block.line, label, verdict: counts ? "counted" : "heading" }
}

function readParagraph(block: Block, place: Place): Statement[] {
  const { text, struck, isContents } = readInline(block)
  const { line } = block
  if (place.isStruck || (text === "" && struck !== ""))
    return text || struck ? [build(text || struck, line, "struck")] : []
  if (text === "" || /^\[\[?_?toc_?\]?\]$/i.test(text)) return []
  if (isContents) return [build(text, line, "contents")]
  const scenarios = readGherkin(block.content.replaceAll("**", ""), line)
  if (scenarios) return scenarios.map(fromScenario)
  const lines = block.content.split("\n")
  // A list that Markdown does not know.
  if (lines.length > 1 && lines.every((one) => /^\s*[•‣◦▪●○–—·]\s/.test(one)))
    return lines.map((one, i) => build(one.replace(/^\s*\S\s+/, ""), line + i, "counted"))
  return [build(text, line, "prose")]
}

function fromScenario(scenario: { text: string; line: number; isBackground: boolean }): Statement {
  return build(scenario.text, scenario.line, scenario.isBackground ? "prose" : "counted")
}

function readList(list: Block, place: Place, headings: ReadonlySet<string>): Statement[] {
  const isUnder = place.section === "contents"
  const isContents =
    list.children.every((item) => isContentsItem(item, headings, isUnder)) &&
    (isUnder || list.children.some(hasLink) || list.children.length > 1)
  return list.children.flatMap((item) => {
    const [first, ...others] = item.children
    const inner = { ...place, isEnumeration: false }
    if (!first) return []
    if (first.type !== "paragraph" && first.type !== "heading")
      return readBlocks(item.children, inner, headings)
    const { text, struck } = readInline(first)
    const isStruck = place.isStruck || (text === "" && struck !== "")
    const shown = (isStruck ? text || struck : text).replace(/^\[[ xX]\]\s+/, "")
    if (shown === "") return readBlocks(others, { ...inner, isStruck }, headings)
    const head = build(shown, first.line, verdictOf(place, isStruck, isContents))
    const rest: Statement[] = []
    for (const statement of readBlocks(others, { ...inner, isStruck }, headings)) {
      if (statement.verdict === "prose" && !isCounted(weigh(statement)) && isCounted(head))
        head.text += ` ${statement.text}`
      else rest.push(statement)
    }
    return [head, ...rest]
  })
}

function verdictOf({ section, isEnumeration }: Place, isStruck: boolean, isContents: boolean): Verdict {
  if (isStruck) return "struck"
  if (isContents) return "contents"
  return section === "aside" || isEnumeration ? "unsure" : "counted"
}

/** An item that only leads to a heading of the document. */
function isContentsItem(item: Block, headings: ReadonlySet<string>, isUnderContents: boolean): boolean {
  return item.children.every((child) => {
    if (child.type === "list")
      return child.children.every((one) => isContentsItem(one, headings, isUnderContents))
    if (child.type !== "paragraph") return false
    const { text, isContents, isLink } = readInline(child)
    return isContents || headings.has(fold(text)) || (isUnderContents && isLink)
  })
}

function hasLink(item: Block): boolean {
  return item.children.some((child) => child.type === "paragraph" && readInline(child).isContents)
}

function readTable(table: Block, place: Place): Statement[] {
  return table.children.flatMap((row) => {
    if (row.children.some(({ isHead }) => isHead)) return []
    const cells = row.children.map(readInline)
    const text = cells.map((cell) => cell.text).filter(Boolean)
    const struck = cells.map((cell) => cell.struck).filter(Boolean)
    const isStruck = place.isStruck || (struck.length > 0 && text.every((cell) => findLabel(cell) === cell))
    if (isStruck) return [build([...text, ...struck].join(" | "), row.line, "struck")]
    return text.length > 0 ? [build(text.join(" | "), row.line, verdictOf(place, false, false))] : []
  })
}

const plainText = /^(?:te?xt|md|markdown|plain(?:text)?|)$/i

function readCode({ content: value, line, info: lang }: Block): Statement[] {
  const scenarios = readGherkin(value, line)
  if (scenarios) return scenarios.map(fromScenario)
  const [first = ""] = value.trim().split("\n")
  const lines = plainText.test(lang) ? value.split("\n") : []
  const found = lines.flatMap((text, i) => {
    const words = text.replace(/^\s*(?:[-*+•]|\d+[.)])\s+/, "").trim()
    const isSentence = /^\p{L}.*\s.*\s/u.test(words) && !/[;{}=<>]|\(\)/.test(words)
    return isSentence && findDemand(words) === "yes" ? [build(words, line + i, "unsure")] : []
  })
  return found.length > 0 || first === "" ? found : [build(first, line, "code")]
}

function readHtmlBlock({ content: value, line }: Block, place: Place): Statement[] {
  return readHtml(value).map(({ kind, text, offset }) => {
    const counts = kind === "item" || kind === "row"
    const verdict: Verdict = counts
      ? verdictOf(place, place.isStruck, false)
      : kind === "text"
        ? "prose"
        : kind
    return build(text, line + offset, verdict)
  })
}

const contents =
  /^(?:\d+[.)]?\s*)?(?:table of )?(?:contents?|toc|inhalt(?:sverzeichnis)?|índice|indice|sommaire|table des matières|sumário|содержание|оглавление|зміст|spis treści|inhoud|içindekiler|目录|目錄|目次|목차|विषय सूची|المحتويات|فهرس|daftar isi|mục lục)\s*:?$/iu
const aside =
  /^(?:\d+(?:\.\d+)*[.)]?\s*)?(?:out of scope|non[- ]?goals?|not in scope|future work|change ?log|revision history|history|glossary|definitions|terms|references|open questions|nicht[- ]ziele|glossar|änderungen|fuera de alcance|glosario|referencias|hors périmètre|glossaire|références|fora d[oe] escopo|glossário|glossario|вне рамок|глоссарий|术语|参考|用語)\s*:?$/iu

const asideBeginning = /^(?:\d+(?:\.\d+)*[.)]?\s*)?(?:appendix|außerhalb)/iu

const announces =
  /^(?:\d+(?:\.\d+)*[.)]?\s*)?(?:(?:non[- ]?)?functional |product |system |user |software |technical )?(?:requirements?|features?|user stories|use cases|acceptance criteria|must haves?|anforderungen|(?:nicht)?funktionale anforderungen|funktionen|akzeptanzkriterien|requisitos(?: (?:no )?funcionales| (?:não )?funcionais)?|exigences(?: (?:non )?fonctionnelles)?|requisiti(?: (?:non )?funzionali)?|требования|функциональные требования|вимоги|wymagania(?: funkcjonalne)?|eisen|gereksinimler|需求|功能需求|要求|要件|機能要件|요구\s?사항|आवश्यकताएँ|المتطلبات|yêu cầu|persyaratan|kebutuhan)\s*:?$/iu

/** What follows a heading of its own text, not a list that counts by itself nor a heading below it. */
function leads(next: Block | undefined): boolean {
  return next?.type === "paragraph"
}

function sectionOf(title: string): Place["section"] {
  if (contents.test(title)) return "contents"
  return aside.test(title) || asideBeginning.test(title) ? "aside" : "plain"
}

function build(text: string, line: number, verdict: Verdict): Statement {
  const tidy = text.replace(/\s+/g, " ").trim()
  return { text: tidy, line, label: findLabel(tidy), verdict }
}

function fold(text: string): string {
  return text
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase()
}

function scriptOf(text: string): string {
  const letter = /\p{L}/u.exec(text)?.[0] ?? ""
  return scripts.find(([, script]) => script.test(letter))?.[0] ?? "other"
}

const scripts: readonly (readonly [string, RegExp])[] = [
  ["Latin", /\p{Script=Latin}/u],
  ["Cyrillic", /\p{Script=Cyrillic}/u],
  ["Greek", /\p{Script=Greek}/u],
  ["Arabic", /\p{Script=Arabic}/u],
  ["Hebrew", /\p{Script=Hebrew}/u],
  ["Devanagari", /\p{Script=Devanagari}/u],
  ["East Asian", /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ["Hangul", /\p{Script=Hangul}/u],
]

/** Settings before the document's text, as YAML or TOML; its lines stay, so that all others keep theirs. */
function takeFrontMatter(markdown: string): { text: string; frontMatter: string } {
  const text = markdown.replace(/^\ufeff/, "")
  const fence = /^(---|\+\+\+)[ \t]*\r?\n/.exec(text)?.[1]
  if (!fence) return { text, frontMatter: "" }
  const lines = text.split("\n")
  const end = lines.findIndex(
    (line, i) => i > 0 && (line.trimEnd() === fence || (fence === "---" && line.trimEnd() === "...")),
  )
  const inside = lines.slice(1, end)
  // Two thematic breaks with text between them are no settings.
  const isSettings = inside.every((line) =>
    /^\s*(?:$|#|-\s|\[|[\]}]|[\w.-]+\s*[:=]|"[^"]*"\s*[:=]|\s)/.test(line),
  )
  if (end < 1 || !isSettings) return { text, frontMatter: "" }
  return {
    text: lines.map((line, i) => (i <= end ? "" : line)).join("\n"),
    frontMatter: inside.join(" ").trim(),
  }
}
