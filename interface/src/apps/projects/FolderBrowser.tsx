/** Folders of the machine Aura runs on, to choose the one to work in. */
import { toMessage } from "@aura/core"
import { ArrowUp, Folder, FolderGit2 } from "lucide-react"
import { useState } from "react"
import { useFolder } from "../../api/queries/projects.ts"
import { Button, IconButton } from "../../components/Button.tsx"
import Modal from "../../components/Modal.tsx"

type Props = { start: string; onPick: (path: string) => void; onClose: () => void }

export default function FolderBrowser({ start, onPick, onClose }: Props) {
  const [path, setPath] = useState(start.trim())
  const folder = useFolder(path)
  const { data } = folder
  return (
    <Modal title="Choose a folder" onClose={onClose}>
      <div className="mt-4 flex items-center gap-1">
        <IconButton
          label="Up"
          disabled={!data?.parent}
          icon={<ArrowUp aria-hidden="true" className="size-4" />}
          onClick={() => data?.parent && setPath(data.parent)}
        />
        <p className="min-w-0 flex-1 truncate font-mono text-sm" title={data?.path}>
          {data?.path ?? "…"}
        </p>
      </div>
      <p className="mt-1 min-h-5 text-ink-3 text-sm" role="status">
        {folder.isError
          ? toMessage(folder.error)
          : data?.isRepository
            ? "A git repository."
            : data?.isEmpty
              ? "An empty folder."
              : ""}
      </p>
      <ul className="mt-2 h-64 overflow-y-auto rounded-md border border-line p-1">
        {folder.isError && (
          <li>
            <Button size="small" tone="quiet" onClick={() => setPath("")}>
              Go to the home folder
            </Button>
          </li>
        )}
        {!folder.isError &&
          data?.items.map((item) => (
            <li key={item.path}>
              <button
                type="button"
                onClick={() => setPath(item.path)}
                className="flex w-full items-center gap-2 rounded-sm px-2 py-1 text-left text-sm hover:bg-hover pointer-coarse:py-2.5"
              >
                <Folder aria-hidden="true" className="size-4 shrink-0 text-ink-3" />
                <span className="min-w-0 truncate">{item.name}</span>
              </button>
            </li>
          ))}
        {!folder.isError && data?.items.length === 0 && (
          <li className="px-2 py-1 text-ink-3 text-sm">No folders in here.</li>
        )}
      </ul>
      <div className="mt-4 flex justify-end gap-2">
        <Button tone="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button
          tone="primary"
          disabled={!data || folder.isError}
          icon={<FolderGit2 aria-hidden="true" className="size-3.5" />}
          onClick={() => {
            if (data) onPick(data.path)
            onClose()
          }}
        >
          Use this folder
        </Button>
      </div>
    </Modal>
  )
}
