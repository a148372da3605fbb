/** Finds the regular expressions of the source and says which of them take more than linear time. */
import { readFileSync } from "node:fs"
import { type AST, parseRegExpLiteral } from "@eslint-community/regexpp"
import { parseSync, Visitor } from "oxc-parser"
import { analyse } from "scslre"

export type Pattern = { place: string; source: string; flags: string }

/** Every regular expression literal of a file. */
export function findPatterns(path: string): Pattern[] {
  const text = readFileSync(path, "utf8")
  const patterns: Pattern[] = []
  new Visitor({
    Literal(node) {
      if (!("regex" in node)) return
      const line = text.slice(0, node.start).split("\n").length
      patterns.push({ place: `${path}:${line}`, source: node.regex.pattern, flags: node.regex.flags })
    },
  }).visit(parseSync(path, text).program)
  return patterns
}

/** Why a pattern may need more time than its text has characters; undefined when it does not. */
export function explainSlowness({ source, flags }: Pick<Pattern, "source" | "flags">): string | undefined {
  const { reports } = analyse({ source, flags }, { reportTypes: { Move: true, Self: true, Trade: true } })
  if (reports[0]) return `two ways to match the same characters (${reports[0].type})`
  const literal = parseRegExpLiteral(new RegExp(source, flags))
  return literal.pattern.alternatives.map((one) => explainRestart(one, flags)).find(Boolean)
}

/**
 * A match that begins with some word, runs on over further such words and fails at the end is tried again from each
 * of them: `/git.*push/` on "git git git …".
 */
function explainRestart(alternative: AST.Alternative, flags: string): string | undefined {
  if (flags.includes("y")) return undefined
  let starts = [""]
  for (const [i, element] of alternative.elements.entries()) {
    if (isAnchor(element, flags) && i === 0) return undefined
    const loops = findLoops(element)
    const canFail = alternative.elements.slice(i + 1).some(isRequired)
    for (const loop of canFail || element.type === "Group" ? loops : []) {
      const run = new RegExp(`^(?:${loop.element.raw})+$`, flags.replace(/[gm]/g, ""))
      const start = starts.find((one) => one !== "" && run.test(one))
      if (start !== undefined) return `${loop.raw} runs over "${start}", from which a match begins again`
    }
    starts = starts.flatMap((start) => toSamples(element, flags).map((next) => start + next)).slice(0, 500)
  }
  return undefined
}

function isAnchor(element: AST.Element, flags: string): boolean {
  return element.type === "Assertion" && element.kind === "start" && !flags.includes("m")
}

/** True for an element that a text may fail to hold. */
function isRequired(element: AST.Element): boolean {
  if (element.type === "Quantifier") return element.min > 0 && isRequired(element.element)
  if (element.type === "Group" || element.type === "CapturingGroup")
    return element.alternatives.every((one) => one.elements.some(isRequired))
  return true
}

/** The parts that repeat without a limit, and what ends with them. */
function findLoops(element: AST.Element): AST.Quantifier[] {
  if (element.type === "Quantifier")
    return [...(element.max === Number.POSITIVE_INFINITY ? [element] : []), ...findLoops(element.element)]
  if (element.type === "Group" || element.type === "CapturingGroup")
    return element.alternatives.flatMap((one) => one.elements.flatMap(findLoops))
  return []
}

/** Of a set of characters, those that patterns most often tell apart. */
const signs = ["a", "0", " ", "-", ".", "\n", "/", ":", "=", '"', "'", "(", "[", "#", "*", "é"] as const

/** Texts that an element matches. */
function toSamples(element: AST.Element, flags: string): string[] {
  switch (element.type) {
    case "Character":
      return [String.fromCodePoint(element.value)]
    case "CharacterSet":
    case "CharacterClass":
    case "ExpressionCharacterClass": {
      const set = new RegExp(element.raw, flags.replace(/[gym]/g, ""))
      const some = signs.filter((sign) => set.test(sign))
      return some.length > 0 ? some.slice(0, 3) : [""]
    }
    case "Quantifier":
      return element.min === 0
        ? ["", ...toSamples(element.element, flags)]
        : toSamples(element.element, flags).map((sample) => sample.repeat(element.min))
    case "Group":
    case "CapturingGroup":
      return element.alternatives.flatMap((one) =>
        one.elements
          .reduce(
            (starts, each) =>
              starts.flatMap((start) => toSamples(each, flags).map((next) => start + next)).slice(0, 50),
            [""],
          )
          .slice(0, 50),
      )
    case "Assertion":
      return element.kind === "start" ? ["\n"] : [""]
    case "Backreference":
      return [""]
  }
}
