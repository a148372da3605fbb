/** A file that cannot be shown as text, and what else can be done with it. */
import { toMessage } from "@aura/core"
import { useCommand } from "../../../api/commands.ts"
import { isAtHome } from "../../../api/window.ts"
import { Button } from "../../../components/Button.tsx"
import { Empty } from "../../../components/Placeholder.tsx"

type Props = { projectId: string; path: string; error: unknown; onRetry: () => void }

export function NoText({ projectId, path, error, onRetry }: Props) {
  const edit = useCommand("openInEditor")
  const reveal = useCommand("revealPath")
  const body = { projectId, path }
  return (
    <div role="alert">
      <Empty
        title="This file cannot be shown here"
        actions={
          <>
            <Button onClick={onRetry}>Try again</Button>
            {isAtHome() && <Button onClick={() => edit.mutate({ body })}>Open in your editor</Button>}
            {isAtHome() && <Button onClick={() => reveal.mutate({ body })}>Show in the file manager</Button>}
          </>
        }
      >
        {toMessage(error)}
      </Empty>
    </div>
  )
}
