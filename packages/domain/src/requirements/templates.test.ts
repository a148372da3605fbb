import { readdirSync, readFileSync } from "node:fs"
import { describeBlanks, findBlanks, templates } from "@aura/core"
import { describe, expect, it } from "vitest"
import { findStatements } from "../documents/statements.ts"
import { number } from "./numbering.ts"

const examples = new URL("../../../../examples/", import.meta.url)
const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory())

it.each(folders)(
  "the example $name is whole: every list item counts for sure, and no blank is left",
  ({ name }) => {
    const markdown = readFileSync(new URL(`${name}/requirements.md`, examples), "utf8")
    const { requirements } = number(findStatements(markdown))
    expect(requirements).toHaveLength(markdown.match(/^- /gm)?.length ?? 0)
    expect(requirements.filter(({ unsure }) => unsure)).toEqual([])
    expect(markdown).not.toContain("{{")
  },
)

describe("document templates", () => {
  it.each(templates)("$name: every list item is a requirement, and nothing else is", ({ markdown }) => {
    const items = markdown.replaceAll("`", "").match(/^- .*$/gm)
    const { requirements } = number(findStatements(markdown))
    expect(requirements.map(({ text }) => `- ${text}`)).toEqual(items)
    expect(requirements.filter(({ unsure }) => unsure)).toEqual([])
  })

  it.each(templates)("$name: has blanks that are found until they are filled in", ({ markdown }) => {
    expect(findBlanks(markdown)).not.toEqual([])
    expect(findBlanks(markdown.replace(/\{\{[^}]*\}\}/g, "something"))).toEqual([])
  })

  it("leaves double braces of the person's own alone", () => {
    expect(findBlanks("- The template `Hello {{user}}` is filled in.")).toEqual([])
  })

  it("names three blanks and counts the others", () => {
    expect(describeBlanks("- {{command}} {{ARGUMENT}} {{port}} {{time}} {{port}}")).toBe(
      "The document still has blanks to fill in: {{command}}, {{ARGUMENT}}, {{port}} and 1 more.",
    )
    expect(describeBlanks("- It works.")).toBeUndefined()
  })
})
