/** One file: loading, removed, not a text, edited, or merged with changes made meanwhile. */
import { useState } from "react"
import { useFile } from "../../../api/workspace.ts"
import { Loading } from "../../../components/Placeholder.tsx"
import { Gone } from "../tabs/Gone.tsx"
import { Editing, type FileProps } from "./Editing.tsx"
import { Join } from "./Join.tsx"
import { NoText } from "./NoText.tsx"
import { useUnsaved } from "./unsaved.ts"

export function FileEditor(props: FileProps) {
  const { projectId, path, held } = props
  const file = useFile(projectId, path)
  const unsaved = useUnsaved(projectId, path)
  const [joins, setJoins] = useState(false)
  if (file.isPending) return <Loading rows={9} />
  if (file.isError)
    return <NoText projectId={projectId} path={path} error={file.error} onRetry={() => void file.refetch()} />
  const disk = file.data
  if (disk.content === null && !unsaved) return <Gone projectId={projectId} path={path} />
  const isApart =
    unsaved !== undefined && unsaved.digest !== disk.digest && unsaved.text !== (disk.content ?? undefined)
  if (joins && isApart && disk.content !== null) {
    return (
      <Join
        projectId={projectId}
        path={path}
        theirs={disk.content}
        digest={disk.digest}
        unsaved={unsaved}
        onClose={() => {
          held.standing.delete(path)
          held.wantsFocus = true
          setJoins(false)
        }}
      />
    )
  }
  return <Editing {...props} disk={disk} isApart={isApart} onJoin={() => setJoins(true)} />
}
