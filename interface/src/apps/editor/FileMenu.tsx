/** What can be done with a file beside editing it. */
import { Ellipsis } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { tell } from "../../api/notices.ts"
import { isAtHome } from "../../api/window.ts"
import { IconButton } from "../../components/Button.tsx"

const Menu = lazy(() => import("../../components/Menu.tsx"))

type Props = {
  projectId: string
  path: string
  onRename: (path: string) => void
  onRemove: (path: string) => void
}

export function FileMenu({ projectId, path, onRename, onRemove }: Props) {
  const [used, setUsed] = useState(false)
  const edit = useCommand("openInEditor")
  const reveal = useCommand("revealPath")
  const body = { projectId, path }
  const label = `More about ${path}`
  const trigger = (
    <IconButton
      label={label}
      icon={<Ellipsis aria-hidden="true" className="size-4" />}
      onClick={() => setUsed(true)}
    />
  )
  if (!used) return trigger
  return (
    <Suspense fallback={trigger}>
      <Menu
        label={label}
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
    </Suspense>
  )
}
