/** One line that tells what a tool call does: a verb and its telling input. Pure. */

export type CallLine = { verb: string; target: string; mono: boolean }

type Describe = (input: Record<string, unknown>) => CallLine

const lines: Readonly<Record<string, Describe>> = {
  read_file: (input) => path("Read", `${read(input, "path")}${lineRange(input)}`),
  write_file: (input) => path("Write", read(input, "path")),
  edit_file: (input) => path("Edit", read(input, "path")),
  delete_file: (input) => path("Delete", read(input, "path")),
  list_files: (input) => path("List", read(input, "path") || "."),
  find_files: (input) => path("Find", read(input, "pattern")),
  search_code: (input) => path("Search", read(input, "pattern")),
  run_command: (input) => path("Run", read(input, "command")),
  look_at_page: (input) => path("Look at", read(input, "page")),
  create_spec: (input) => words("Spec", read(input, "title")),
  get_spec: (input) => words("Read spec", read(input, "spec") || read(input, "title")),
  update_spec: (input) => words("Change spec", read(input, "spec") || read(input, "title")),
  create_task: (input) => words("Task", read(input, "title")),
  update_task: (input) => words("Change task", read(input, "task") || read(input, "title")),
  list_specs: () => words("List specs", ""),
  list_tasks: () => words("List tasks", ""),
  task_done: (input) => words("Says it is done", read(input, "notes")),
  task_blocked: (input) => words("Says it is blocked", read(input, "reason")),
  hand_off: (input) => words("Hands over", read(input, "summary")),
}

export function describeCall(name: string, input: Record<string, unknown>): CallLine {
  const describe = lines[name]
  if (describe) return describe(input)
  const first = Object.values(input).find((value) => typeof value === "string")
  return path(name.replaceAll("_", " "), typeof first === "string" ? first : "")
}

/** The first and last lines of a long output, and how many were left out between them. */
export function foldLines(
  text: string,
  head: number,
  tail: number,
): { head: string; left: number; tail: string } {
  const lines = text.replace(/(?<!\n)\n+$/, "").split("\n")
  if (lines.length <= head + tail + 1) return { head: lines.join("\n"), left: 0, tail: "" }
  return {
    head: lines.slice(0, head).join("\n"),
    left: lines.length - head - tail,
    tail: tail > 0 ? lines.slice(-tail).join("\n") : "",
  }
}

export function countLines(text: string): number {
  const trimmed = text.replace(/(?<!\n)\n+$/, "")
  return trimmed === "" ? 0 : trimmed.split("\n").length
}

function path(verb: string, target: string): CallLine {
  return { verb, target, mono: true }
}

function words(verb: string, target: string): CallLine {
  return { verb, target, mono: false }
}

function read(input: Record<string, unknown>, key: string): string {
  const value = input[key]
  return typeof value === "string" ? value : ""
}

function lineRange(input: Record<string, unknown>): string {
  const from = input.start_line
  const to = input.end_line
  if (typeof from !== "number") return ""
  return typeof to === "number" ? `:${from}–${to}` : `:${from}`
}
