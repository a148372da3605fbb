/** A small unified diff with line numbers; long ones show their beginning first. */
import { memo, useMemo } from "react"
import { cx } from "./cx.ts"
import { type DiffRow, parseDiff } from "./diff.logic.ts"
import { useFold } from "./fold.ts"

/** Of a change more is shown at once than of a file that is all new. */
const atFirst = { change: 24, newFile: 10 } as const

export const Diff = memo(function Diff({ id, diff }: { id: string; diff: string }) {
  const [whole, setWhole] = useFold(`${id}:diff`, false)
  const rows = useMemo(
    () =>
      parseDiff(diff)
        .filter((row) => row.kind !== "file")
        .map((row, n) => ({ n, row })),
    [diff],
  )
  const isNew = rows.every(({ row }) => row.kind === "added" || row.kind === "hunk")
  const head = isNew ? atFirst.newFile : atFirst.change
  const shown = whole || rows.length <= head + 3 ? rows : rows.slice(0, head)
  return (
    <div className="overflow-x-auto font-mono text-xs leading-5">
      <table className="w-full border-collapse">
        <caption className="sr-only">Changed lines</caption>
        <tbody>
          {shown.map(({ n, row }) => (
            <Line key={n} row={row} first={n === 0} />
          ))}
        </tbody>
      </table>
      {rows.length > shown.length && (
        <button
          type="button"
          onClick={() => setWhole(true)}
          className="mx-3 my-1.5 rounded-sm bg-hover px-1.5 font-sans text-ink-2 hover:text-ink"
        >
          {rows.length - shown.length} more lines
        </button>
      )}
    </div>
  )
})

const tints = { same: "", added: "bg-ok-soft", removed: "bg-bad-soft" } as const
const signs = { same: " ", added: "+", removed: "−" } as const

function Line({ row, first }: { row: DiffRow; first: boolean }) {
  if (row.kind === "file") return null
  if (row.kind === "hunk") {
    return (
      <tr className={cx("text-ink-3", !first && "border-t border-line")}>
        <td colSpan={3} className="truncate px-3">
          {row.text ? `… ${row.text}` : first ? "" : "…"}
        </td>
      </tr>
    )
  }
  return (
    <tr className={tints[row.kind]}>
      <td className="w-10 min-w-10 select-none pr-2 text-right align-top text-ink-3">
        {row.after ?? row.before}
      </td>
      <td className={cx("w-4 select-none align-top", row.kind === "added" ? "text-ok" : "text-bad")}>
        {signs[row.kind]}
      </td>
      <td className="whitespace-pre-wrap pr-3 text-ink wrap-anywhere">{row.text}</td>
    </tr>
  )
}
