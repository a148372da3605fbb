/** Two texts of one file, both kept until the person has made one of them: side by side, or one in the other where it is narrow. */

import { AuraError, toMessage } from "@aura/core"
import type { MergeView } from "@codemirror/merge"
import { EditorView } from "@codemirror/view"
import { lazy, Suspense, useEffect, useRef, useState } from "react"
import { tellProblem } from "../../../api/notices.ts"
import { useSaveFile } from "../../../api/workspace.ts"
import { Button } from "../../../components/Button.tsx"
import { useWide } from "../../../hooks/useWide.ts"
import { colour, comparing, createCode } from "./code.ts"
import { against, openBeside } from "./compare.ts"
import { forgetUnsaved, keepUnsaved, type Unsaved } from "./unsaved.ts"

const Confirm = lazy(() => import("../../../components/Confirm.tsx"))

type Props = {
  projectId: string
  path: string
  /** The text on disk and its digest. */
  theirs: string
  digest: string
  unsaved: Unsaved
  onClose: () => void
}

export function Join({ projectId, path, theirs, digest, unsaved, onClose }: Props) {
  const isWide = useWide()
  const at = useRef<HTMLDivElement>(null)
  const mine = useRef<EditorView>(undefined)
  const beside = useRef<MergeView>(undefined)
  const [asks, setAsks] = useState(false)
  const [said, setSaid] = useState("")
  const saving = useSaveFile(projectId)
  const text = useRef(unsaved.text)

  // biome-ignore lint/correctness/useExhaustiveDependencies: opened once; what is on disk is told below
  useEffect(() => {
    if (!at.current) return
    const options = {
      path: `Your text of ${path}`,
      text: text.current,
      onChange(state: { sliceDoc(): string }) {
        text.current = state.sliceDoc()
        keepUnsaved(projectId, path, { text: text.current, digest: unsaved.digest })
      },
      onSave: () => void save(),
    }
    if (isWide) {
      const both = openBeside(at.current, { path: `${path} on disk`, text: theirs }, options)
      beside.current = both
      mine.current = both.b
      for (const one of [both.a, both.b]) void colour(one, path)
    } else {
      mine.current = new EditorView({ parent: at.current, state: createCode(options) })
    }
    mine.current?.focus()
    return () => {
      beside.current?.destroy()
      if (!beside.current) mine.current?.destroy()
      beside.current = undefined
      mine.current = undefined
    }
  }, [isWide])

  // biome-ignore lint/correctness/useExhaustiveDependencies: told to whichever editor is on screen
  useEffect(() => {
    const both = beside.current
    if (both) {
      const { state } = both.a
      both.a.dispatch({ changes: { from: 0, to: state.doc.length, insert: state.toText(theirs) } })
    } else if (mine.current) {
      const now = mine.current
      // Deleted lines are rendered once, with the colours available at that time.
      void colour(now, path).then(() => {
        if (mine.current === now)
          now.dispatch({ effects: comparing.reconfigure(against(theirs, "Take this part")) })
      })
    }
  }, [theirs, isWide])

  async function save(): Promise<void> {
    try {
      await saving.mutateAsync({ path, content: text.current, ifDigest: latest.current })
      forgetUnsaved(projectId, path)
      onClose()
    } catch (thrown) {
      if (thrown instanceof AuraError && thrown.code === "conflict")
        setSaid("It has changed once more. Look at the left side again, then save.")
      else tellProblem(`${path} was not saved: ${toMessage(thrown)} What you wrote is kept here.`)
    }
  }
  const latest = useRef(digest)
  latest.current = digest

  return (
    <section aria-label={`Two texts of ${path}`} className="flex min-h-0 flex-1 flex-col">
      <header className="flex flex-wrap items-center gap-2 border-line border-b bg-warn-soft px-4 py-2 text-sm">
        <p className="min-w-48 flex-1 text-pretty" role="status">
          {said ||
            (isWide
              ? "Left is what is on disk now, right is yours. Take over what you want, then save the right side."
              : "Yours, with what the disk has instead in red. Take over what you want, then save.")}
        </p>
        <Button size="small" tone="quiet" onClick={onClose}>
          Go on editing
        </Button>
        <Button size="small" tone="danger" onClick={() => setAsks(true)}>
          Take what is on disk
        </Button>
        <Button size="small" tone="primary" busy={saving.isPending} onClick={() => void save()}>
          {isWide ? "Save the right side" : "Save"}
        </Button>
      </header>
      {isWide && (
        <div aria-hidden="true" className="grid grid-cols-2 border-line border-b text-ink-2 text-xs">
          <p className="px-4 py-1">On disk now</p>
          <p className="px-4 py-1">Yours</p>
        </div>
      )}
      <div
        ref={at}
        className="min-h-0 flex-1 overflow-auto [&_.cm-merge-revert_button]:rounded-md [&_.cm-merge-revert_button]:hover:bg-hover"
      />
      {asks && (
        <Suspense>
          <Confirm
            danger
            title="Give up your text?"
            action="Take what is on disk"
            onClose={() => setAsks(false)}
            onConfirm={() => {
              forgetUnsaved(projectId, path)
              onClose()
            }}
          >
            What you wrote into {path} since you last saved it is thrown away. This cannot be taken back.
          </Confirm>
        </Suspense>
      )}
    </section>
  )
}
