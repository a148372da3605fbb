/** Reading and changing files: read_file, write_file, edit_file, delete_file, list_files. */
import { AuraError, type FileChange, isSecretFile, maskFile } from "@aura/core"
import type { Workspace } from "@aura/workspace"
import { formatPatch, structuredPatch } from "diff"
import { z } from "zod"
import { type Eyes, isMediaName, showMedia } from "./eyes.ts"
import { findPath } from "./find-path.ts"
import { inStyle, replace, styleOf, toPlain } from "./line-ends.ts"
import { explainMiss } from "./near-miss.ts"
import type { Seen } from "./seen.ts"
import { showPath } from "./show-path.ts"
import { defineTool, type Tool, type ToolOutcome } from "./tool.ts"

const path = z.string().min(1)
const maxLines = 2000
const maxDiff = 20_000
/** More of a line is left out: it would fill the session, and all that reads it takes its time. */
const longestLine = 20_000
/** Texts further apart count as one taken for the other: comparing takes time that grows with the square of it. */
const maxEdits = 1_000

/** What differs only in line ends or a byte order mark is shown, and looked for, as the same. */
const windows = { hasMark: true, lineEnd: "\r\n" } as const

/** Files the agent must leave alone, e.g. those with uncommitted changes of the user. */
export type Fence = { refuse(path: string): Promise<string | undefined> }

/** @param eyes without them, a picture is named and not shown */
export function readTools(workspace: Workspace, seen: Seen, eyes?: Eyes): Tool[] {
  return [
    defineTool({
      name: "read_file",
      description:
        "Reads a text file, 2,000 lines at a time, each with its number and a tab in front; shows pictures and PDFs.",
      input: z.object({
        path,
        start_line: z.int().positive().optional(),
        end_line: z.int().positive().optional(),
      }),
      async run(input) {
        const file = await findPath(workspace, input.path)
        const look = async () => await showMedia(showPath(file), await workspace.readBytes(file), eyes)
        const picture = isMediaName(file) ? await look() : undefined
        if (picture) return picture
        const whole = await workspace.read(file).catch(async (cause: unknown) => {
          const found =
            cause instanceof AuraError && cause.code === "bad_request"
              ? await look().catch(() => undefined)
              : undefined
          if (!found) throw cause
          return found
        })
        if (typeof whole !== "string") return whole
        seen.note(file, whole)
        const lines = toPlain(whole, windows).split("\n")
        const start = input.start_line ?? 1
        const end = Math.min(input.end_line ?? lines.length, start + maxLines - 1, lines.length)
        const shown = maskFile(file, lines.slice(start - 1, end).join("\n"))
        const text = shown
          .split("\n")
          .map((line, i) => `${start + i}\t${cutLine(line)}`)
          .join("\n")
        const more = end < lines.length ? `\n… lines ${start}–${end} of ${lines.length}` : ""
        return { output: shown === "" ? `(empty)${more}` : text + more }
      },
    }),
    defineTool({
      name: "list_files",
      description: "Lists one folder: names, folders with a slash, sizes in bytes.",
      input: z.object({ path: z.string().default(".").describe("Folder; . is the root") }),
      async run(input) {
        const entries = await workspace.list(await findPath(workspace, input.path))
        const lines = entries.map((entry) =>
          entry.kind === "folder" ? showPath(`${entry.path}/`) : `${showPath(entry.path)} (${entry.bytes})`,
        )
        return { output: lines.join("\n") || "(empty folder)" }
      },
    }),
  ]
}

export function writeTools(workspace: Workspace, fence: Fence, seen: Seen): Tool[] {
  async function save(file: string, before: string | undefined, after: string): Promise<ToolOutcome> {
    await refuseFenced(fence, file)
    if (before === after) return { output: `${file} is like that already; nothing was changed.` }
    // An edit of what had changed elsewhere shows the model its own place only: the rest stays unknown to it.
    const isKnown = before === undefined || !seen.hasChanged(file, before)
    await workspace.write(file, after, (now) => {
      if (now !== before) throw new AuraError("conflict", changedMeanwhile(file))
    })
    if (isKnown) seen.note(file, after)
    return {
      output: before === undefined ? `Wrote ${file}.` : `Changed ${file}.`,
      ...toChange(file, before, after),
    }
  }
  return [
    defineTool({
      name: "write_file",
      description: "Writes a whole file. To change a large one use edit_file.",
      input: z.object({ path, content: z.string() }),
      async run({ path: asked, content: given }) {
        const file = await findPath(workspace, asked)
        const before = await readOld(workspace, file)
        const content = before === undefined ? given : inStyle(given, styleOf(before))
        if (before !== undefined && before !== content && seen.hasChanged(file, before)) {
          return {
            output: changedMeanwhile(file),
            isError: true,
          }
        }
        return await save(file, before, content)
      },
    }),
    defineTool({
      name: "edit_file",
      description:
        "Replaces old_text, which must be there exactly once, or set replace_all. more_edits follow in order; if one does not fit, none is made.",
      input: Edit.extend({ path, more_edits: z.array(Edit).max(50).optional() }),
      async run({ path: asked, more_edits = [], ...first }, { isRepeat }) {
        const file = await findPath(workspace, asked)
        const before = await workspace.read(file)
        const edits = [first, ...more_edits]
        if (isRepeat && edits.every((edit) => isApplied(before, edit)))
          return { output: `Changed ${file}, before Aura was interrupted.` }
        let after = before
        for (const [i, edit] of edits.entries()) {
          const made = applyEdit(after, edit, file)
          if ("after" in made) {
            after = made.after
            continue
          }
          const which =
            edits.length > 1 ? `Edit ${i + 1} of ${edits.length} does not fit, and none was made: ` : ""
          return { output: which + made.problem, isError: true }
        }
        return await save(file, before, after)
      },
    }),
    defineTool({
      name: "delete_file",
      description: "Deletes one file.",
      input: z.object({ path }),
      async run(input, { isRepeat }) {
        const file = await findPath(workspace, input.path)
        await refuseFenced(fence, file)
        if (isRepeat && !(await workspace.exists(file)))
          return { output: `Deleted ${file}, before Aura was interrupted.` }
        const before = await workspace.read(file).catch(() => "")
        await workspace.remove(file)
        return { output: `Deleted ${file}.`, ...toChange(file, before, undefined) }
      },
    }),
  ]
}

const Edit = z.object({
  old_text: z.string().min(1),
  new_text: z.string(),
  replace_all: z.boolean().optional(),
})
type Edit = z.infer<typeof Edit>

function applyEdit(text: string, edit: Edit, file: string): { after: string } | { problem: string } {
  const found =
    replace(text, { from: edit.old_text, to: edit.new_text }) ?? replace(text, withoutNumbers(edit))
  if (!found) {
    const why = isSecretFile(file) ? "" : explainMiss(toPlain(text, windows), toPlain(edit.old_text, windows))
    return { problem: `old_text is not in ${file}. ${why}`.trim() }
  }
  if (found.count > 1 && !edit.replace_all)
    return {
      problem: `old_text is in ${file} ${found.count} times. Give more of its surroundings, or set replace_all.`,
    }
  return { after: found.apply() }
}

/** Some copy the numbers of read_file along with the lines. */
function withoutNumbers({ old_text, new_text }: Edit): { from: string; to: string } {
  const lines = old_text.split("\n")
  const strip = (text: string) => text.replace(/^\d+\t/gm, "")
  const isNumbered = lines.every((line) => /^\d+\t/.test(line))
  return isNumbered ? { from: strip(old_text), to: strip(new_text) } : { from: old_text, to: new_text }
}

function changedMeanwhile(file: string): string {
  return `${file} was not written: it has changed since you last read or wrote it, by a command or by a person. Read it again, and keep what is new in it.`
}

/** The file is as an edit leaves it: nothing is left to replace, and what replaces it is there. */
function isApplied(file: string, input: { old_text: string; new_text: string }): boolean {
  const text = toPlain(file, windows)
  const edit = { old_text: toPlain(input.old_text, windows), new_text: toPlain(input.new_text, windows) }
  if (!text.includes(edit.new_text)) return false
  const rest = edit.new_text.includes(edit.old_text) ? text.split(edit.new_text) : [text]
  return rest.every((part) => !part.includes(edit.old_text))
}

async function refuseFenced(fence: Fence, file: string): Promise<void> {
  const reason = await fence.refuse(file)
  if (reason) throw new AuraError("forbidden", reason)
}

async function readOld(workspace: Workspace, file: string): Promise<string | undefined> {
  return (await workspace.exists(file)) ? await workspace.read(file) : undefined
}

/** The change as rows and people see it: lines added and removed, and a unified diff of bounded size. */
function toChange(
  file: string,
  before: string | undefined,
  after: string | undefined,
): { changes: FileChange[]; diff: string } {
  const [from, to] = [before ?? "", after ?? ""]
  const patch = structuredPatch(file, file, from, to, "", "", { context: 3, maxEditLength: maxEdits })
  const lines = patch?.hunks.flatMap((hunk) => hunk.lines)
  const count = (sign: string, text: string) =>
    lines ? lines.filter((line) => line.startsWith(sign)).length : countLines(text)
  const op = before === undefined ? "added" : after === undefined ? "deleted" : "modified"
  const change: FileChange = { path: file, op, additions: count("+", to), deletions: count("-", from) }
  if (isSecretFile(file)) return { changes: [change], diff: "(what this file holds is not shown)" }
  const diff = patch ? formatPatch(patch) : "(too much has changed to be shown line by line)"
  return { changes: [change], diff: diff.length > maxDiff ? `${diff.slice(0, maxDiff)}\n… diff cut` : diff }
}

function countLines(text: string): number {
  return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length
}

function cutLine(line: string): string {
  if (line.length <= longestLine) return line
  return `${line.slice(0, longestLine)}… (${line.length - longestLine} more characters of this line)`
}
