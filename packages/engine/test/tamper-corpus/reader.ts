/** Reads the corpus: changes in plain text, each labelled honest or villain. */
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

export type Case = {
  from: string
  title: string
  isVillain: boolean
  asked: string[]
  commands: string[]
  before: Map<string, string>
  after: Map<string, string>
}

/**
 * A case begins with `=== villain: title` or `=== honest: title`. Its parts begin with `--- task: text`,
 * `--- check: command`, `--- before PATH` or `--- after PATH`, each of the last two with the file's text below.
 * A file that only stands under `before` is deleted; `--- same PATH` is there before and after.
 */
export function readCorpus(ending: string): Case[] {
  const folder = fileURLToPath(new URL(".", import.meta.url))
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .flatMap((name) => readCases(name, readFileSync(`${folder}/${name}`, "utf8")))
}

function readCases(from: string, text: string): Case[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [head = "", ...rest] = part.split(/^--- /m)
      const [label = "", title = ""] = head.trim().split(": ", 2)
      const read: Case = {
        from,
        title,
        isVillain: label === "villain",
        asked: [],
        commands: [],
        before: new Map(),
        after: new Map(),
      }
      for (const one of rest) {
        const [first = "", ...lines] = one.split("\n")
        const [kind = "", ...words] = first.split(" ")
        const value = words.join(" ")
        const body = lines.join("\n").replace(/\n+$/, "\n")
        if (kind === "task:") read.asked.push(value)
        else if (kind === "check:") read.commands.push(value)
        if (kind === "before" || kind === "same") read.before.set(value, body)
        if (kind === "after" || kind === "same") read.after.set(value, body)
      }
      return read
    })
}
