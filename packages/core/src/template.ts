/** Requirements documents to start from, with blanks such as {{this}} to fill in. */

export type Template = { name: string; title: string; markdown: string }

export const templates: readonly Template[] = [
  {
    name: "command-line",
    title: "Command line",
    markdown: `# {{Name of the command}}

A command line program that {{what it does, in one sentence}}. It is for {{who uses it}}.

## Commands

- \`{{command}} {{ARGUMENT}}\` {{does something}} and prints {{a result}}.
- \`{{command}} --help\` prints every command and option, one a line.

## Input and output

- It reads {{the input, such as a file or standard input}}; input of another form is reported with the line and the reason.
- Results go to standard output and problems to standard error.
- The exit status is 0 on success, 1 when {{something is wrong with the input}}, and 2 when the command is used wrongly.

## How it is made

- It runs on {{language and version}} and needs no package beyond {{packages, or: none}}.
- Every command has tests that \`{{test command}}\` runs.
`,
  },
  {
    name: "library",
    title: "Library",
    markdown: `# {{Name of the library}}

A library for {{language}} that {{what it does, in one sentence}}. It is for {{who uses it}}.

## Functions

- \`{{function}}({{argument}})\` returns {{a result}}, for example \`{{call}}\` returns \`{{value}}\`.
- An argument that is {{empty, too large or of the wrong type}} is rejected with an error that names the argument.

## Limits

- {{The slowest function}} takes less than {{time}} for {{size of the input}}.
- No function changes its arguments, writes files or opens connections.

## How it is made

- It runs on {{language and version}} and needs no package beyond {{packages, or: none}}.
- The README shows one example of each function, and a test runs these examples.
- Every function has tests that \`{{test command}}\` runs.
`,
  },
  {
    name: "web-app",
    title: "Web app",
    markdown: `# {{Name of the app}}

A web page where {{who uses it}} {{does what, in one sentence}}.

## What people do

- A person adds {{a thing}} with {{its fields}}; a missing {{field}} is reported beside the field.
- The page lists {{the things}}, {{the order}}.
- A person changes and deletes {{a thing}}; deleting can be undone.
- What was entered is still there after the page is loaded again.

## How it looks and feels

- Every action works with the keyboard alone.
- The page is usable at widths from 390 to 1440 pixels without scrolling sideways.
- An empty list says what to do first.

## How it is made

- It is made with {{language and framework}}, and \`{{start command}}\` serves it on port {{port}}.
- Data is kept in {{a file, a database or the browser}}.
- Every action above has a test that \`{{test command}}\` runs.
`,
  },
  {
    name: "service",
    title: "Service",
    markdown: `# {{Name of the service}}

An HTTP service that {{what it does, in one sentence}}. It is called by {{who calls it}}.

## Requests

- \`POST /{{things}}\` with \`{{fields as JSON}}\` stores {{a thing}} and answers 201 with its id.
- \`GET /{{things}}/ID\` answers 200 with {{the thing}}, or 404 when there is none.
- A body that is not valid JSON, or lacks a field, is answered with 400 and a message that names the field.
- A request without {{a token or other permission}} is answered with 401 and changes nothing.

## Operation

- The port and {{other settings}} are read from environment variables; a missing one stops the start with its name.
- What was answered with 201 is still there after the process is killed and started again.
- It answers {{number}} requests a second on one core.

## How it is made

- It runs on {{language and version}} and keeps its data in {{a file or a database}}.
- Every request above has a test over HTTP that \`{{test command}}\` runs.
`,
  },
  {
    name: "change",
    title: "Change to existing code",
    markdown: `# {{What changes}}

The code {{what it does now}}. The change is wanted by {{who}}, so that {{the reason}}.

## What changes

- When {{a person or caller does something}}, {{the new result}} happens.
- When {{something goes wrong}}, {{what is shown or returned}}.

## What stays

- {{Behaviour that must not change}} works as before.
- Existing {{data, files or calls}} keep working without a change to them.
- All existing tests pass; none is deleted or weakened.

## How it is made

- The change stays within {{folders or modules}} and adds no package.
- Each statement under "What changes" has a test that \`{{test command}}\` runs.
`,
  },
]

const blank = /\{\{[^{}\n]+\}\}/g
const blanks = new Set(templates.flatMap(({ markdown }) => markdown.match(blank) ?? []))

/** The blanks of a template that nobody filled in; other text in double braces is the person's own. */
export function findBlanks(markdown: string): string[] {
  return [...new Set(markdown.match(blank))].filter((text) => blanks.has(text))
}

/** What to say about a document with blanks; undefined when it has none. */
export function describeBlanks(markdown: string): string | undefined {
  const found = findBlanks(markdown)
  if (found.length === 0) return undefined
  const shown = found.slice(0, 3).join(", ")
  const more = found.length > 3 ? ` and ${found.length - 3} more` : ""
  return `The document still has blanks to fill in: ${shown}${more}.`
}
