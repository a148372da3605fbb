/** The project's folder as it was before tasks and risky commands: which moments there are, and one of them looked at. */
import type { Snapshot } from "@aura/core"
import { Link, useSearch } from "@tanstack/react-router"
import { Archive, Camera, SquareTerminal, Undo2 } from "lucide-react"
import { useCommand } from "../../api/commands.ts"
import { useSnapshots } from "../../api/queries/files.ts"
import { useLoops } from "../../api/queries/loops.ts"
import { Button } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { count, formatBytes, formatTime } from "../../components/format.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { newest } from "../../parts/project/project-state.logic.ts"
import { SnapshotPreview } from "./SnapshotPreview.tsx"

const icons = { task: Archive, command: SquareTerminal, restore: Undo2, hand: Camera } as const

export default function Snapshots() {
  const projectId = useProjectId()
  const { s } = useSearch({ from: "/shell/projects/$projectId/snapshots" })
  const snapshots = useSnapshots(projectId)
  const loop = newest(useLoops(projectId).data)
  const keep = useCommand("takeSnapshot")
  if (snapshots.isError) return <Problem error={snapshots.error} onRetry={() => void snapshots.refetch()} />
  if (!snapshots.data) return <Loading />
  const locked = loop && loop.status !== "finished" ? "Stop the loop first" : undefined
  const keepNow = (
    <Button
      size="small"
      busy={keep.isPending}
      disabled={locked !== undefined}
      title={locked}
      onClick={() => keep.mutate({ params: { p: projectId } })}
    >
      Keep it now
    </Button>
  )
  if (snapshots.data.length === 0) {
    return (
      <Empty title="Nothing is kept yet" actions={keepNow}>
        Before each task, and before each command that could delete or overwrite, Aura keeps the folder as it
        is, files that git does not know included. Here you go back to it.
      </Empty>
    )
  }
  const chosen = snapshots.data.find((row) => row.id === s)
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <section
        aria-label="Snapshots"
        className={cx(
          "flex min-h-0 flex-col border-line lg:w-96 lg:shrink-0 lg:border-r",
          chosen ? "max-lg:hidden" : "max-lg:flex-1",
        )}
      >
        <header className="flex h-11 shrink-0 items-center gap-2 border-line border-b pr-2 pl-4">
          <p className="mr-auto text-ink-2 text-sm">{count(snapshots.data.length, "snapshot")}</p>
          {keepNow}
        </header>
        <ol className="min-h-0 flex-1 overflow-y-auto p-1">
          {snapshots.data.toReversed().map((snapshot) => (
            <li key={snapshot.id}>
              <Row snapshot={snapshot} chosen={snapshot.id === s} />
            </li>
          ))}
        </ol>
      </section>
      {chosen ? (
        <SnapshotPreview key={chosen.id} snapshot={chosen} locked={locked} />
      ) : (
        <Empty title="Choose a moment" className="max-lg:hidden">
          What going back would change is shown first. How the folder is now is kept as well, so you can come
          back.
        </Empty>
      )}
    </div>
  )
}

function Row({ snapshot, chosen }: { snapshot: Snapshot; chosen: boolean }) {
  const Icon = icons[snapshot.kind]
  return (
    <Link
      to="/projects/$projectId/snapshots"
      params={{ projectId: snapshot.projectId }}
      search={{ s: snapshot.id }}
      data-row
      aria-current={chosen || undefined}
      className={cx("flex gap-2.5 rounded-md px-3 py-2 hover:bg-hover", chosen && "bg-hover")}
    >
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-3" />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm" title={snapshot.why}>
          {snapshot.why}
        </span>
        <span className="block truncate text-ink-3 text-xs tabular-nums">
          {formatTime(snapshot.at)} · {count(snapshot.files, "file")} · {formatBytes(snapshot.bytes)}
        </span>
      </span>
    </Link>
  )
}
