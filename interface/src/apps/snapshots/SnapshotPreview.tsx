/** The effect of restoring a snapshot, path by path, and the button to restore it. */
import type { Snapshot, SnapshotChange } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { ArrowLeft } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { useSnapshotPreview } from "../../api/queries/files.ts"
import { Button, buttonClass } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { Diff } from "../../components/Diff.tsx"
import { Fold } from "../../components/Fold.tsx"
import { count, formatBytes, formatTime } from "../../components/format.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"

const Confirm = lazy(() => import("../../components/Confirm.tsx"))

type Props = { snapshot: Snapshot; locked: string | undefined }

export function SnapshotPreview({ snapshot, locked }: Props) {
  const preview = useSnapshotPreview(snapshot)
  const restore = useCommand("restoreSnapshot")
  const [asking, setAsking] = useState(false)
  const [told, setTold] = useState("")
  const params = { p: snapshot.projectId, id: snapshot.id }
  const total = preview.data?.total ?? 0
  const goBack = () =>
    restore.mutate(
      { params },
      {
        onSuccess: ({ changed }) => {
          setTold(`The folder is as it was then: ${count(changed, "change")} made.`)
          void preview.refetch()
        },
      },
    )
  return (
    <section aria-label="What would change" className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="flex shrink-0 items-start gap-2 border-line border-b py-2 pr-2 pl-4">
        <Link
          to="/projects/$projectId/snapshots"
          params={{ projectId: snapshot.projectId }}
          aria-label="All snapshots"
          className={cx(buttonClass("quiet", "square"), "-ml-2 lg:hidden")}
        >
          <ArrowLeft aria-hidden="true" className="size-4" />
        </Link>
        <div className="mr-auto min-w-0">
          <h2 className="font-medium text-sm wrap-anywhere">{snapshot.why}</h2>
          <p className="text-ink-3 text-xs tabular-nums">
            {formatTime(snapshot.at)} · {count(snapshot.files, "file")} · {formatBytes(snapshot.bytes)}
          </p>
        </div>
        <Button
          tone="primary"
          size="small"
          busy={restore.isPending}
          disabled={total === 0 || locked !== undefined}
          title={locked}
          onClick={() => setAsking(true)}
        >
          Go back to this
        </Button>
      </header>
      <p role="status" className={cx("px-4 py-2 text-ok text-sm", !told && "sr-only")}>
        {told}
      </p>
      <Body preview={preview} snapshot={snapshot} />
      {asking && (
        <Suspense>
          <Confirm
            title="Make the folder as it was?"
            action="Go back"
            onClose={() => setAsking(false)}
            onConfirm={goBack}
          >
            {count(total, "file or folder", "files and folders")} will change. How the folder is now is kept
            first, so you can come back to it. Commits stay as they are.
          </Confirm>
        </Suspense>
      )}
    </section>
  )
}

function Body({ preview, snapshot }: { preview: ReturnType<typeof useSnapshotPreview>; snapshot: Snapshot }) {
  if (preview.isError) return <Problem error={preview.error} onRetry={() => void preview.refetch()} />
  if (!preview.data) return <Loading rows={6} />
  const { total, changes } = preview.data
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {total === 0 ? (
        <Empty title="Nothing differs" className="py-12">
          The folder is just as it was then.
        </Empty>
      ) : (
        <ul className="p-2">
          {changes.map((change) => (
            <li key={change.path}>
              <Change change={change} snapshotId={snapshot.id} />
            </li>
          ))}
        </ul>
      )}
      {total > changes.length && (
        <p className="px-4 pb-3 text-ink-3 text-sm">and {count(total - changes.length, "more change")}</p>
      )}
      {snapshot.leftOut.length > 0 && (
        <div className="border-line border-t px-4 py-3 text-ink-3 text-sm">
          <h3 className="font-medium text-ink-2">Not kept</h3>
          <ul className="mt-1">
            {snapshot.leftOut.map(({ path, why }) => (
              <li key={path} className="wrap-anywhere">
                <code className="font-mono text-xs">{path}</code>: {why}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

const words = {
  brought_back: { word: "comes back", tone: "text-ok" },
  changed: { word: "changes", tone: "text-ink-2" },
  removed: { word: "is removed", tone: "text-bad" },
} as const

function Change({ change, snapshotId }: { change: SnapshotChange; snapshotId: string }) {
  const [open, setOpen] = useState(false)
  const { word, tone } = words[change.op]
  const line = (
    <span className="flex min-w-0 flex-1 items-baseline gap-2">
      <span className="min-w-0 truncate font-mono text-xs leading-5" title={change.path}>
        {change.path}
      </span>
      <span className={cx("ml-auto shrink-0 text-xs", tone)}>{word}</span>
    </span>
  )
  if (!change.diff) return <div className="flex items-center gap-2 px-2 py-1 pl-8">{line}</div>
  return (
    <Fold open={open} onToggle={setOpen} summary={line}>
      <div className="mx-2 mb-2 overflow-hidden rounded-md border border-line">
        <Diff id={`${snapshotId}:${change.path}`} diff={change.diff} />
      </div>
    </Fold>
  )
}
