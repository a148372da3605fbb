/** One part of a file's diff: unified, or before and after side by side. */
import { memo } from "react"
import { cx } from "./cx.ts"
import { type DiffLine, toPairs } from "./diff.logic.ts"

const tints = { same: "", added: "bg-ok-soft", removed: "bg-bad-soft" } as const
const marks = { same: "", added: "bg-ok/25", removed: "bg-bad/25" } as const
const signs = { same: " ", added: "+", removed: "−" } as const

type Props = { lines: readonly DiffLine[]; split: boolean }

export const DiffTable = memo(function DiffTable({ lines, split }: Props) {
  return (
    <table className="w-full table-fixed border-collapse font-mono text-xs leading-5">
      <caption className="sr-only">Changed lines</caption>
      <colgroup>
        <col className="w-11" />
        <col />
        {split && <col className="w-11" />}
        {split && <col />}
      </colgroup>
      <tbody>
        {split ? <Pairs lines={lines} /> : lines.map((line) => <Unified key={keyOf(line)} line={line} />)}
      </tbody>
    </table>
  )
})

function keyOf(line: DiffLine): string {
  return `${line.before ?? ""}:${line.after ?? ""}`
}

function Unified({ line }: { line: DiffLine }) {
  return (
    <tr className={tints[line.kind]}>
      <LineNumber n={line.after ?? line.before} />
      <Code line={line} />
    </tr>
  )
}

function Pairs({ lines }: { lines: readonly DiffLine[] }) {
  return toPairs(lines).map((pair) => (
    <tr key={`${pair.before?.before ?? ""}:${pair.after?.after ?? ""}`}>
      <LineNumber n={pair.before?.before} tint={pair.before && tints[pair.before.kind]} />
      <Code line={pair.before} tinted />
      <LineNumber n={pair.after?.after} tint={pair.after && tints[pair.after.kind]} />
      <Code line={pair.after} tinted />
    </tr>
  ))
}

function LineNumber({ n, tint }: { n: number | undefined; tint?: string | undefined }) {
  return <td className={cx("select-none pr-2 text-right align-top text-ink-3", tint)}>{n}</td>
}

function Code({ line, tinted = false }: { line: DiffLine | undefined; tinted?: boolean }) {
  if (!line) return <td className="bg-sunken" />
  const { kind, text, mark } = line
  return (
    <td
      className={cx(
        "whitespace-pre-wrap pr-3 pl-4 -indent-4 align-top text-ink wrap-anywhere",
        tinted && tints[kind],
      )}
    >
      <span
        aria-hidden="true"
        className={cx("inline-block w-4 select-none indent-0", kind === "added" ? "text-ok" : "text-bad")}
      >
        {signs[kind]}
      </span>
      {kind !== "same" && <span className="sr-only">{kind}: </span>}
      {mark ? (
        <>
          {text.slice(0, mark[0])}
          <span className={cx("rounded-xs", marks[kind])}>{text.slice(...mark)}</span>
          {text.slice(mark[1])}
        </>
      ) : (
        text
      )}
    </td>
  )
}
