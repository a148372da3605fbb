/** What can be done with a file beside editing it. */
import { useCommand } from "../../../api/commands.ts"
import { tell } from "../../../api/notices.ts"
import { isAtHome } from "../../../api/window.ts"
import { MoreMenu } from "../../../components/MoreMenu.tsx"

type Props = {
  projectId: string
  path: string
  onRename: (path: string) => void
  onRemove: (path: string) => void
}

export function FileMenu({ projectId, path, onRename, onRemove }: Props) {
  const edit = useCommand("openInEditor")
  const reveal = useCommand("revealPath")
  const body = { projectId, path }
  return (
    <MoreMenu
      label={`More about ${path}`}
      items={[
        {
          label: "Copy its path",
          act: () => void navigator.clipboard.writeText(path).then(() => tell("The path is copied.")),
        },
        { label: "Rename or move…", act: () => onRename(path) },
        ...(isAtHome()
          ? [
              { label: "Open in your editor", act: () => edit.mutate({ body }) },
              { label: "Show in the file manager", act: () => reveal.mutate({ body }) },
            ]
          : []),
        { label: "Delete…", danger: true, act: () => onRemove(path) },
      ]}
    />
  )
}
