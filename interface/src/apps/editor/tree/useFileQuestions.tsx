/** The dialogs before files are created, moved, removed, or closed with unsaved changes. */
import { AuraError, toMessage } from "@aura/core"
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react"
import { tellProblem } from "../../../api/notices.ts"
import { closeNow, holdOpen, onCloseAsked, stayOpen } from "../../../api/window.ts"
import { useChangeFiles, useSaveFile } from "../../../api/workspace.ts"
import type { ClosingAnswer } from "../tabs/Closing.tsx"
import { movePath } from "../tabs/tabs.logic.ts"
import type { OpenFiles } from "../tabs/useOpenFiles.ts"
import type { Held } from "../text/held.ts"
import type { LeavingAnswer } from "../text/Leaving.tsx"
import { forgetUnsaved, moveUnsaved, readUnsaved } from "../text/unsaved.ts"

const Closing = lazy(() => import("../tabs/Closing.tsx"))
const Leaving = lazy(() => import("../text/Leaving.tsx"))
const Confirm = lazy(() => import("../../../components/Confirm.tsx"))
const PathQuestion = lazy(() => import("./PathQuestion.tsx"))

type Asked = { kind: "close" | "rename" | "remove"; path: string } | { kind: "create" | "leave" }

export type FileQuestions = {
  /** The open dialog, to be rendered. */
  question: ReactNode
  /** Closes a file, asking first when it has unsaved work. */
  close(path: string): void
  create(): void
  rename(path: string): void
  remove(path: string): void
}

/** @param unsaved paths with unsaved work: the window, or the tab, does not close on it without a word */
export function useFileQuestions(
  projectId: string,
  files: OpenFiles,
  held: Held,
  unsaved: readonly string[],
): FileQuestions {
  const [asked, setAsked] = useState<Asked>()
  const saving = useSaveFile(projectId)
  const changing = useChangeFiles(projectId)
  const done = () => setAsked(undefined)

  useEffect(() => holdOpen(unsaved.length), [unsaved.length])
  useEffect(() => () => holdOpen(0), [])
  useEffect(() => onCloseAsked(() => setAsked({ kind: "leave" })), [])

  function shut(path: string): void {
    forgetUnsaved(projectId, path)
    held.standing.delete(path)
    files.close(path)
  }

  async function answerClosing(path: string, answer: ClosingAnswer): Promise<void> {
    done()
    if (answer === "drop") shut(path)
    if (answer === "save" && (await save(path))) shut(path)
  }

  async function answerLeaving(answer: LeavingAnswer): Promise<void> {
    done()
    if (answer === "stay") return stayOpen()
    if (answer === "save") for (const path of unsaved) if (!(await save(path))) return stayOpen()
    closeNow()
  }

  /** Saves the unsaved text of a file; if that fails, shows the file with the reason. */
  async function save(path: string): Promise<boolean> {
    const work = readUnsaved(projectId, path)
    if (!work) return true
    try {
      await saving.mutateAsync({ path, content: work.text, ifDigest: work.digest })
      forgetUnsaved(projectId, path)
      return true
    } catch (thrown) {
      files.show(path)
      const isApart = thrown instanceof AuraError && thrown.code === "conflict"
      tellProblem(
        isApart
          ? `${path} has changed on disk meanwhile, and was not saved. Compare the two and join them.`
          : `${path} was not saved: ${toMessage(thrown)}`,
      )
      return false
    }
  }

  async function create(path: string): Promise<void> {
    await saving.mutateAsync({ path, content: "", ifDigest: "" }).catch((thrown: unknown) => {
      throw thrown instanceof AuraError && thrown.code === "conflict"
        ? new Error(`There is a ${path} already.`)
        : thrown
    })
    files.show(path, { pins: true })
  }

  async function rename(from: string, to: string): Promise<void> {
    if (from === to) return
    await changing.mutateAsync({ move: from, to })
    moveUnsaved(projectId, (path) => movePath(path, from, to))
    held.standing.clear()
    files.move(from, to)
  }

  const removing = asked?.kind === "remove" ? asked.path : ""
  const question = asked && (
    <Suspense>
      {asked.kind === "close" && (
        <Closing path={asked.path} onAnswer={(answer) => void answerClosing(asked.path, answer)} />
      )}
      {asked.kind === "leave" && (
        <Leaving paths={unsaved} onAnswer={(answer) => void answerLeaving(answer)} />
      )}
      {asked.kind === "create" && (
        <PathQuestion
          title="New file"
          action="Make it"
          path={files.shown?.slice(0, files.shown.lastIndexOf("/") + 1) ?? ""}
          onAnswer={create}
          onClose={done}
        />
      )}
      {asked.kind === "rename" && (
        <PathQuestion
          title={`Rename or move ${asked.path}`}
          action="Move it"
          path={asked.path}
          onAnswer={(to) => rename(asked.path, to)}
          onClose={done}
        />
      )}
      {asked.kind === "remove" && (
        <Confirm
          danger
          title={`Delete ${removing}?`}
          action="Delete"
          onClose={done}
          onConfirm={() =>
            changing.mutate(
              { remove: removing },
              {
                onSuccess: () => shut(removing),
                onError: (thrown) => tellProblem(`${removing} was not deleted: ${toMessage(thrown)}`),
              },
            )
          }
        >
          The folder as it is now is kept first: Snapshots of the folder brings it back.
        </Confirm>
      )}
    </Suspense>
  )

  return {
    question,
    close: (path) => (readUnsaved(projectId, path) ? setAsked({ kind: "close", path }) : shut(path)),
    create: () => setAsked({ kind: "create" }),
    rename: (path) => setAsked({ kind: "rename", path }),
    remove: (path) => setAsked({ kind: "remove", path }),
  }
}
