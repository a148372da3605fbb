/** How many lines a change adds and takes away. */

export function Size({ additions, deletions }: { additions: number; deletions: number }) {
  return (
    <span className="whitespace-nowrap tabular-nums">
      {additions > 0 && <span className="text-ok">+{additions}</span>}
      {additions > 0 && deletions > 0 && " "}
      {deletions > 0 && <span className="text-bad">−{deletions}</span>}
    </span>
  )
}
