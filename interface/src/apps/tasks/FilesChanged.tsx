/** The files a task touched, with the lines added and removed. */
import type { FileChange, Task } from "@aura/core"
import { IdeLink } from "../../components/IdeLink.tsx"
import { Size } from "../../components/Size.tsx"

const marks: Readonly<Record<FileChange["op"], { sign: string; color: string }>> = {
  added: { sign: "A", color: "text-ok" },
  modified: { sign: "M", color: "text-accent" },
  deleted: { sign: "D", color: "text-bad" },
}

export function FilesChanged({ task }: { task: Task }) {
  if (task.filesChanged.length === 0) return null
  const added = task.filesChanged.reduce((sum, file) => sum + file.additions, 0)
  const removed = task.filesChanged.reduce((sum, file) => sum + file.deletions, 0)
  return (
    <section aria-label="Files changed">
      <h3 className="mb-2 flex items-baseline gap-3 font-semibold">
        Files changed
        <span className="font-normal text-sm">
          <Size additions={added} deletions={removed} />
        </span>
      </h3>
      <ul className="rounded-md border border-line">
        {task.filesChanged.map((file) => (
          <li
            key={file.path}
            className="flex items-baseline gap-3 border-line border-b px-3 py-1.5 last:border-0"
          >
            <abbr title={file.op} className={`w-3 font-mono text-xs no-underline ${marks[file.op].color}`}>
              {marks[file.op].sign}
            </abbr>
            <span className="min-w-0 flex-1 font-mono text-xs leading-5 wrap-anywhere">
              {file.op === "deleted" ? (
                file.path
              ) : (
                <IdeLink
                  project={task.projectId}
                  path={file.path}
                  className="hover:underline hover:underline-offset-4"
                >
                  {file.path}
                </IdeLink>
              )}
            </span>
            <span className="shrink-0 text-sm">
              <Size additions={file.additions} deletions={file.deletions} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
