/** A project's editor: files at the left, what is open on top, the file on screen, and the keys for all of it. */
import type { Project } from "@aura/core"
import { getRouteApi, Link } from "@tanstack/react-router"
import { Eye, Keyboard, PanelLeft, Search } from "lucide-react"
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react"
import { isInWindow } from "../../api/window.ts"
import { useFolderState } from "../../api/workspace.ts"
import { Button, IconButton } from "../../components/Button.tsx"
import { Kbd } from "../../components/Kbd.tsx"
import { Panel } from "../../components/Panel.tsx"
import { Empty, Problem } from "../../components/Placeholder.tsx"
import { useTitle } from "../../hooks/useTitle.ts"
import { useWide } from "../../hooks/useWide.ts"
import { ConnectionBanner } from "../../views/shell/ConnectionBanner.tsx"
import { Wordmark } from "../../views/shell/Wordmark.tsx"
import { FileEditor } from "./FileEditor.tsx"
import { FilesPanel, type Shows } from "./FilesPanel.tsx"
import type { TextSearch } from "./FindInFiles.tsx"
import { GoToFile } from "./GoToFile.tsx"
import { createHeld } from "./held.ts"
import { keys } from "./ide.logic.ts"
import { OpenFiles } from "./OpenFiles.tsx"
import { stepTab } from "./tabs.logic.ts"
import { useUnsavedPaths } from "./unsaved.ts"
import { useFileQuestions } from "./useFileQuestions.tsx"
import { type Following, useFollow } from "./useFollow.ts"
import { useOpenFiles } from "./useOpenFiles.ts"

const Drawer = lazy(() => import("../../views/shell/Drawer.tsx"))
const ShortcutSheet = lazy(() => import("../../views/shell/ShortcutSheet.tsx"))
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
  const following = useFollow(project, follows)
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

  const { spot } = following
  const seen = useRef<string>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time the agent is somewhere else
  useEffect(() => {
    if (!follows || !spot || seen.current === spot.id) return
    seen.current = spot.id
    files.show(spot.path, {
      follows: true,
      ...(spot.line === undefined ? {} : { line: spot.line }),
    })
  }, [follows, spot])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another object each time somebody goes somewhere
  const place = useMemo(() => ({ line: search.line }), [search.line, shown, files.asks])

  function compare(isOn: boolean): void {
    if (shown !== undefined) files.show(shown, { follows, ...(isOn ? { view: "diff" } : {}) })
  }

  /** Opens a file to write in it. */
  function write(path: string): void {
    held.wantsFocus = path !== shown
    files.show(path, { pins: true })
    if (path === shown) held.on.focus()
  }

  const latest = useRef({ files, compare, compares, ask })
  latest.current = { files, compare, compares, ask }
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const now = latest.current
      const key = event.key.toLowerCase()
      const mod = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
      const alt = event.altKey && !event.ctrlKey && !event.metaKey
      const at = now.files.shown
      if (event.defaultPrevented || document.querySelector("[role=dialog]")) return
      const shift = (event.ctrlKey || event.metaKey) && !event.altKey && event.shiftKey
      if (mod && key === "p") setOpen("go")
      else if (shift && key === "f") {
        setShows("find")
        setOpen("files")
        document.querySelector<HTMLInputElement>("input[aria-label='Find in all files']")?.select()
      } else if (mod && key === "s") held.on.save()
      else if (alt && key === "w" && at !== undefined) now.ask.close(at)
      else if (alt && key === "d") now.compare(!now.compares)
      else if (alt && (key === "pagedown" || key === "pageup")) {
        const next = stepTab(now.files.tabs, at, key === "pagedown" ? 1 : -1)
        if (next !== undefined) now.files.show(next)
      } else if (key === "f6") crossOver()
      else return
      event.preventDefault()
    }
    window.addEventListener("keydown", press)
    return () => window.removeEventListener("keydown", press)
  }, [held])

  const panel = (
    <FilesPanel
      shows={shows}
      onShows={setShows}
      search={found}
      onSearch={setFound}
      onFound={(path, line) => {
        held.wantsFocus = path !== shown
        files.show(path, { line })
        if (path === shown) held.on.focus()
        setOpen(undefined)
      }}
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
      <header className="flex h-11 shrink-0 items-center gap-2 border-line border-b bg-canvas pr-2 pl-3">
        {!isWide && (
          <IconButton
            label="Files"
            icon={<PanelLeft aria-hidden="true" className="size-4" />}
            onClick={() => setOpen("files")}
          />
        )}
        {isWide && <Wordmark />}
        <h1 className="min-w-0 shrink-0 truncate text-ink-2 text-sm max-sm:max-w-36">
          {isInWindow() ? (
            project.name
          ) : (
            <Link
              to="/projects/$projectId"
              params={{ projectId: project.id }}
              className="hover:text-ink hover:underline"
            >
              {project.name}
            </Link>
          )}
        </h1>
        <FollowState follows={follows} following={following} />
        <Button
          size="small"
          tone="quiet"
          aria-pressed={follows}
          aria-label="Follow the agent"
          className={follows ? "bg-accent-soft! text-accent!" : undefined}
          title="Go along with the agent, from file to file"
          icon={<Eye aria-hidden="true" className="size-4" />}
          onClick={() => {
            seen.current = undefined
            files.follow(!follows)
          }}
        >
          <span className="hidden sm:inline">Follow</span>
        </Button>
        <Button
          size="small"
          tone="quiet"
          aria-label="Go to a file"
          title="Go to a file (Ctrl+P)"
          icon={<Search aria-hidden="true" className="size-4" />}
          onClick={() => setOpen("go")}
        >
          <span className="hidden items-center gap-2 md:flex">
            Go to file <Kbd>Ctrl P</Kbd>
          </span>
        </Button>
        <IconButton
          label="Keyboard shortcuts"
          icon={<Keyboard aria-hidden="true" className="size-4" />}
          onClick={() => setOpen("keys")}
        />
      </header>
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
            onPick={write}
            onClose={() => setOpen(undefined)}
          />
        )}
        {open === "keys" && <ShortcutSheet lines={keys} onClose={() => setOpen(undefined)} />}
      </Suspense>
    </>
  )
}

function FollowState({ follows, following }: { follows: boolean; following: Following }) {
  const { spot, isWorking } = following
  const where = spot && `${spot.path}${spot.line === undefined ? "" : `:${spot.line}`}`
  return (
    <p role="status" className="min-w-0 flex-1 truncate text-right text-ink-3 text-xs max-sm:invisible">
      {follows && (isWorking ? where && `The agent ${spot?.verb} ${where}` : "Nobody is at work")}
    </p>
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
