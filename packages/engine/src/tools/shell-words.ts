/**
 * Splits a shell command into the simple commands it consists of. Only plain lists and pipelines are read: a command
 * with substitutions, groups or here-documents, and one that writes into a file, is left to who asked.
 */

export type Word = {
  text: string
  /** True when the shell may make other words of it: a variable, or a pattern that may match a name like an option. */
  isDynamic: boolean
}

/** Longer commands are not read. */
const maxChars = 10_000
const blank = " \t"
const separators = ";&|\n"
/** The words of each simple command; undefined for a command that is not read, or that writes into a file. */
export function readCommands(command: string): Word[][] | undefined {
  if (command.length > maxChars || command.includes("\0")) return undefined
  const commands: Word[][] = []
  let words: Word[] = []
  let at = 0
  while (at < command.length) {
    const sign = command.charAt(at)
    if (blank.includes(sign)) at++
    else if (sign === "#") at = endOfLine(command, at)
    else if (sign === "&" && command[at + 1] === ">") return undefined
    else if (separators.includes(sign)) {
      commands.push(words)
      words = []
      at++
    } else {
      const redirection = /^\d*[<>]/.exec(command.slice(at, at + 12))
      if (redirection) {
        const end = skipRedirection(command, at + redirection[0].length - 1)
        if (end === undefined) return undefined
        at = end
      } else {
        const read = readWord(command, at)
        if (!read) return undefined
        words.push(read.word)
        at = read.end
      }
    }
  }
  commands.push(words)
  return commands.filter((one) => one.length > 0)
}

function endOfLine(command: string, from: number): number {
  const end = command.indexOf("\n", from)
  return end < 0 ? command.length : end
}

/** @param at where `<` or `>` stands. Reading a file is fine, writing only into nothing or an open descriptor. */
function skipRedirection(command: string, at: number): number | undefined {
  if (command[at] === "<") {
    // A here-document, or opened for writing as well.
    if ("<>&".includes(command.charAt(at + 1))) return undefined
    const read = readWord(command, skipBlank(command, at + 1))
    return read?.end
  }
  const target = /^>{1,2}(?:&(?:\d|-)|[ \t]{0,8}\/dev\/null)(?=[\s;&|]|$)/.exec(command.slice(at, at + 30))
  return target ? at + target[0].length : undefined
}

function skipBlank(command: string, from: number): number {
  let at = from
  while (blank.includes(command.charAt(at)) && at < command.length) at++
  return at
}

function readWord(command: string, from: number): { word: Word; end: number } | undefined {
  let text = ""
  let isDynamic = false
  let at = from
  for (; at < command.length; at++) {
    const sign = command.charAt(at)
    if (blank.includes(sign) || separators.includes(sign) || sign === "<" || sign === ">") break
    if (sign === "'") {
      const end = command.indexOf("'", at + 1)
      if (end < 0) return undefined
      text += command.slice(at + 1, end)
      at = end
    } else if (sign === '"') {
      const quoted = readQuoted(command, at + 1)
      if (!quoted) return undefined
      isDynamic ||= quoted.hasVariable
      text += quoted.text
      at = quoted.end
    } else if (sign === "\\") {
      if (at + 1 >= command.length) return undefined
      at++
      if (command[at] !== "\n") text += command.charAt(at)
    } else if (startsSubstitution(command, at)) return undefined
    else {
      // A pattern after other letters matches no option.
      const isPattern = "*?[{".includes(sign) && (text === "" || text.startsWith("-"))
      isDynamic ||= sign === "$" || isPattern
      text += sign
    }
  }
  return at > from ? { word: { text, isDynamic }, end: at } : undefined
}

/** Also true for a group, and for a function's parentheses. */
function startsSubstitution(command: string, at: number): boolean {
  const sign = command.charAt(at)
  return (
    sign === "`" || sign === "(" || sign === ")" || (sign === "$" && /['"({[]/.test(command.charAt(at + 1)))
  )
}

/** @param from behind the first quote */
function readQuoted(
  command: string,
  from: number,
): { text: string; hasVariable: boolean; end: number } | undefined {
  let text = ""
  let hasVariable = false
  for (let at = from; at < command.length; at++) {
    const sign = command.charAt(at)
    if (sign === '"') return { text, hasVariable, end: at }
    if (sign === "`" || (sign === "$" && /[({[]/.test(command.charAt(at + 1)))) return undefined
    if (sign === "$") hasVariable ||= /[\w@*#?!$-]/.test(command.charAt(at + 1))
    const next = command.charAt(at + 1)
    if (sign === "\\" && next === "\n") at++
    else if (sign === "\\" && '$`"\\'.includes(next) && next !== "") {
      text += next
      at++
    } else text += sign
  }
  return undefined
}
