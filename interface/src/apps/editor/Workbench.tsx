/** A project's editor: files at the left, what is open on top, the file on screen, and the keys for all of it. */
import type { Project } from "@aura/core"
import { getRouteApi } from "@tanstack/react-router"
import { lazy, Suspense, useCallback, useMemo, useState } from "react"
import { useFolderState } from "../../api/workspace.ts"
import { ConnectionBanner } from "../../components/ConnectionBanner.tsx"
import { Kbd } from "../../components/Kbd.tsx"
import { Panel } from "../../components/Panel.tsx"
import { Empty, Problem } from "../../components/Placeholder.tsx"
import { useTitle } from "../../hooks/useTitle.ts"
import { useWide } from "../../hooks/useWide.ts"
import { useFollow } from "./follow/useFollow.ts"
import { IdeHeader } from "./IdeHeader.tsx"
import { keys } from "./ide.logic.ts"
import type { TextSearch } from "./search/FindInFiles.tsx"
import { GoToFile } from "./search/GoToFile.tsx"
import { OpenFiles } from "./tabs/OpenFiles.tsx"
import { stepTab } from "./tabs/tabs.logic.ts"
import { useOpenFiles } from "./tabs/useOpenFiles.ts"
import { FileEditor } from "./text/FileEditor.tsx"
import { createHeld } from "./text/held.ts"
import { useUnsavedPaths } from "./text/unsaved.ts"
import { FilesPanel, type Shows } from "./tree/FilesPanel.tsx"
import { useFileQuestions } from "./tree/useFileQuestions.tsx"
import { useIdeKeys } from "./useIdeKeys.ts"

const Drawer = lazy(() => import("../../parts/shell/Drawer.tsx"))
const ShortcutSheet = lazy(() => import("../../parts/shell/ShortcutSheet.tsx"))
const address = getRouteApi("/ide")
const room = { initial: 264, min: 180, max: 560 } as const

export function Workbench({ project }: { project: Project }) {
  const search = address.useSearch()
  const isWide = useWide()
  const state = useFolderState(project.id)
  const unsaved = useUnsavedPaths(project.id)
  const isUnsaved = useCallback((path: string) => unsaved.includes(path), [unsaved])
  const files = useOpenFiles(project.id, isUnsaved)
  const follows = search.follow === "on"
  const following = useFollow(project, follows, ({ path, line }) =>
    files.show(path, { follows: true, ...(line === undefined ? {} : { line }) }),
  )
  const [held] = useState(createHeld)
  const [shows, setShows] = useState<Shows>("all")
  const [found, setFound] = useState<TextSearch>({
    text: "",
    isCased: false,
    isWord: false,
    isPattern: false,
  })
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set())
  const [open, setOpen] = useState<"files" | "go" | "keys">()
  const ask = useFileQuestions(project.id, files, held, unsaved)
  const { shown } = files
  const compares = search.view === "diff"
  const name = shown?.slice(shown.lastIndexOf("/") + 1)
  useTitle(name && (shown && isUnsaved(shown) ? `● ${name}` : name), project.name)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another object each time somebody goes somewhere
  const place = useMemo(() => ({ line: search.line }), [search.line, shown, files.asks])

  function compare(isOn: boolean): void {
    if (shown !== undefined) files.show(shown, { follows, ...(isOn ? { view: "diff" } : {}) })
  }

  /** Opens a file to write in it. */
  function write(path: string, line?: number): void {
    held.wantsFocus = path !== shown
    files.show(path, line === undefined ? { pins: true } : { line })
    if (path === shown) held.on.focus()
    setOpen(undefined)
  }

  function step(by: 1 | -1): void {
    const next = stepTab(files.tabs, shown, by)
    if (next !== undefined) files.show(next)
  }

  useIdeKeys((action) => {
    switch (action) {
      case "go":
        return setOpen("go")
      case "find":
        setShows("find")
        setOpen("files")
        return document.querySelector<HTMLInputElement>("input[aria-label='Find in all files']")?.select()
      case "save":
        return held.on.save()
      case "close":
        return shown === undefined ? undefined : ask.close(shown)
      case "compare":
        return compare(!compares)
      case "next":
        return step(1)
      case "previous":
        return step(-1)
      case "cross":
        return crossOver()
    }
  })

  const panel = (
    <FilesPanel
      shows={shows}
      onShows={setShows}
      search={found}
      onSearch={setFound}
      onFound={write}
      open={unfolded}
      onUnfold={setUnfolded}
      projectId={project.id}
      state={state.data}
      shown={shown}
      isUnsaved={isUnsaved}
      onOpen={(path, pins) => {
        if (pins) write(path)
        else files.show(path)
        setOpen(undefined)
      }}
      onCompare={(path) => {
        files.show(path, { view: "diff" })
        setOpen(undefined)
      }}
      onNew={ask.create}
      onRename={ask.rename}
      onRemove={ask.remove}
    />
  )

  return (
    <>
      <IdeHeader
        project={project}
        follows={follows}
        following={following}
        onFollow={files.follow}
        onFiles={isWide ? undefined : () => setOpen("files")}
        onGo={() => setOpen("go")}
        onKeys={() => setOpen("keys")}
      />
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1">
        {isWide && (
          <Panel name="ide-files" label="Files" side="left" room={room}>
            {panel}
          </Panel>
        )}
        <div className="flex min-w-0 flex-1 flex-col">
          {files.tabs.length > 0 && (
            <OpenFiles
              tabs={files.tabs}
              shown={shown}
              isUnsaved={isUnsaved}
              onShow={(path) => files.show(path)}
              onPin={files.pin}
              onClose={ask.close}
            />
          )}
          {state.isError && !state.data ? (
            <Problem error={state.error} onRetry={() => void state.refetch()} />
          ) : shown === undefined ? (
            <Nothing />
          ) : (
            <FileEditor
              key={shown}
              projectId={project.id}
              path={shown}
              place={place}
              follows={follows}
              isShared={following.isWorking}
              compares={compares}
              onCompare={compare}
              onTyped={() => {
                files.pin(shown)
                if (follows) files.follow(false)
              }}
              onRename={ask.rename}
              onRemove={ask.remove}
              held={held}
            />
          )}
        </div>
      </div>
      {ask.question}
      <Suspense>
        {open === "files" && !isWide && <Drawer onClose={() => setOpen(undefined)}>{panel}</Drawer>}
        {open === "go" && (
          <GoToFile
            files={state.data?.files ?? []}
            recent={files.tabs.map((tab) => tab.path)}
            onPick={(path) => write(path)}
            onClose={() => setOpen(undefined)}
          />
        )}
        {open === "keys" && <ShortcutSheet lines={keys} onClose={() => setOpen(undefined)} />}
      </Suspense>
    </>
  )
}

function Nothing() {
  return (
    <Empty title="No file is open">
      Choose one at the left, or press <Kbd>Ctrl P</Kbd> and type a few letters of its name.
    </Empty>
  )
}

/** From the files to the text, and back. */
function crossOver(): void {
  const tree = document.querySelector<HTMLElement>("[role=tree], [aria-label='Changed files'] button")
  const text = document.querySelector<HTMLElement>(".cm-content[contenteditable=true]")
  if (tree?.contains(document.activeElement)) text?.focus()
  else tree?.focus()
}
