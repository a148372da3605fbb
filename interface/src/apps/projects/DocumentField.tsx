/** The requirements document: typed, pasted, picked or dropped. */
import { findBlanks, type Template, templates } from "@aura/core"
import { type DragEvent, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { TextArea } from "../../components/Field.tsx"
import { findNextBlank, readDocument } from "./new-project.logic.ts"

type Props = { value: string; error: string | undefined; onChange: (value: string) => void }

export function DocumentField({ value, error, onChange }: Props) {
  const [over, setOver] = useState(false)
  const picker = useRef<HTMLInputElement>(null)

  const [problem, setProblem] = useState<string>()
  /** What was in the field before a file took its place. */
  const [before, setBefore] = useState("")

  async function take(file: File | undefined): Promise<void> {
    if (!file) return
    const read = readDocument(file.name, new Uint8Array(await file.arrayBuffer()))
    setProblem("problem" in read ? read.problem : undefined)
    if ("problem" in read) return
    setBefore(value)
    onChange(read.text)
  }

  const area = useRef<HTMLTextAreaElement>(null)
  const blanks = findBlanks(value).length

  function selectNextBlank(text: string, from: number): void {
    const next = findNextBlank(text, from)
    if (!next) return
    area.current?.setSelectionRange(next.start, next.end)
    area.current?.focus()
  }

  function begin({ markdown }: Template): void {
    // The field has to hold the text before a part of it can be selected.
    flushSync(() => onChange(markdown))
    selectNextBlank(markdown, 0)
  }

  function drop(event: DragEvent): void {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }

  return (
    <div>
      <TextArea
        ref={area}
        label="Requirements"
        value={value}
        error={problem ?? error}
        rows={14}
        spellCheck
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        onChange={(event) => {
          setProblem(undefined)
          setBefore("")
          onChange(event.target.value)
        }}
        className={cx("min-h-72 font-mono text-sm", over && "border-accent bg-accent-soft")}
        placeholder={placeholder}
        after={
          <span className="flex gap-1">
            {before !== "" && before !== value && (
              <Button
                size="small"
                tone="quiet"
                className="-my-1"
                onClick={() => {
                  onChange(before)
                  setBefore("")
                }}
              >
                Undo
              </Button>
            )}
            {blanks > 0 && (
              <Button
                size="small"
                tone="quiet"
                className="-my-1"
                onClick={() => selectNextBlank(value, area.current?.selectionEnd ?? 0)}
              >
                Next blank
              </Button>
            )}
            <Button size="small" tone="quiet" className="-my-1" onClick={() => picker.current?.click()}>
              Choose a file
            </Button>
          </span>
        }
        hint={
          <span className="flex justify-between gap-4">
            <span>{over ? "Let go to take this file." : "Markdown. You can drop a .md file here."}</span>
            <span className="shrink-0 whitespace-nowrap tabular-nums">
              {value.length.toLocaleString("en-US")} characters
            </span>
          </span>
        }
      />
      {value === "" && (
        <fieldset className="mt-3 flex flex-wrap items-center gap-1.5">
          <legend className="mb-1.5 text-ink-2 text-sm">Or start from a template:</legend>
          {templates.map((template) => (
            <Button key={template.name} size="small" onClick={() => begin(template)}>
              {template.title}
            </Button>
          ))}
        </fieldset>
      )}
      <input
        ref={picker}
        type="file"
        accept=".md,.markdown,.txt,text/markdown,text/plain"
        className="hidden"
        aria-hidden="true"
        tabIndex={-1}
        onChange={(event) => {
          void take(event.target.files?.[0])
          event.target.value = ""
        }}
      />
    </div>
  )
}

const placeholder = `# Todo list

A command line program that keeps a list of things to do.

- \`todo add TEXT\` stores an item and prints its number.
- \`todo list\` prints open items, oldest first.
- Items survive a restart.`
