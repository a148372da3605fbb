/** A path without a file: one that was removed since the last commit can be brought back. */
import { toMessage } from "@aura/core"
import { tellProblem } from "../../../api/notices.ts"
import { useCommitted, useSaveFile } from "../../../api/workspace.ts"
import { Button } from "../../../components/Button.tsx"
import { Empty, Loading } from "../../../components/Placeholder.tsx"

export function Gone({ projectId, path }: { projectId: string; path: string }) {
  const committed = useCommitted(projectId, path, true)
  const saving = useSaveFile(projectId)
  if (committed.isPending) return <Loading />
  const text = committed.data ?? null
  if (text === null) return <Empty title="There is no such file">{path} is not in the folder.</Empty>
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Empty
        title="This file is gone"
        className="py-10"
        actions={
          <Button
            tone="primary"
            busy={saving.isPending}
            onClick={() =>
              saving.mutate(
                { path, content: text, ifDigest: "" },
                { onError: (thrown) => tellProblem(toMessage(thrown)) },
              )
            }
          >
            Bring it back
          </Button>
        }
      >
        {path} was removed since the last commit. Below is what it held.
      </Empty>
      <textarea
        readOnly
        aria-label={`What ${path} held`}
        value={text}
        className="min-h-0 flex-1 resize-none border-line border-t bg-sunken p-4 font-mono text-ink-2 text-xs leading-5"
      />
    </div>
  )
}
