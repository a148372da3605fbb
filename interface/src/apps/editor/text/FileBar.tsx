/** The file on screen by its path, and what can be done with it. */
import { FileDiff, Save } from "lucide-react"
import { Button } from "../../../components/Button.tsx"
import { FileMenu } from "../tree/FileMenu.tsx"

type Props = {
  projectId: string
  path: string
  isUnsaved: boolean
  isSaving: boolean
  compares: boolean
  onCompare: (compares: boolean) => void
  onSave: () => void
  onRename: (path: string) => void
  onRemove: (path: string) => void
}

export function FileBar(props: Props) {
  const { path, isUnsaved, isSaving, compares, onCompare, onSave } = props
  const folder = path.slice(0, path.lastIndexOf("/") + 1)
  return (
    <div className="flex h-10 shrink-0 items-center gap-1 border-line border-b pr-2 pl-4">
      <p className="min-w-0 flex-1 truncate font-mono text-xs" title={path}>
        <span className="text-ink-3">{folder}</span>
        {path.slice(folder.length)}
      </p>
      <Button
        size="small"
        tone="quiet"
        aria-label="Changes since the last commit"
        aria-pressed={compares}
        className={compares ? "bg-accent-soft! text-accent!" : undefined}
        title="Changes since the last commit (Alt+D)"
        icon={<FileDiff aria-hidden="true" className="size-4" />}
        onClick={() => onCompare(!compares)}
      >
        <span className="hidden sm:inline">Changes</span>
      </Button>
      <Button
        size="small"
        tone={isUnsaved ? "primary" : "plain"}
        disabled={!isUnsaved}
        busy={isSaving}
        title="Save (Ctrl+S)"
        icon={<Save aria-hidden="true" className="size-4" />}
        onClick={onSave}
      >
        Save
      </Button>
      <FileMenu {...props} />
    </div>
  )
}
