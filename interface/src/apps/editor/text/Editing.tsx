/** A file being edited: typed into, saved, and shown against the last commit. */
import { AuraError, toMessage } from "@aura/core"
import { EditorView } from "@codemirror/view"
import { useEffect, useRef, useState } from "react"
import { tellProblem } from "../../../api/notices.ts"
import { type OnDisk, useCommitted, useSaveFile } from "../../../api/workspace.ts"
import { Banner } from "../../../components/Banner.tsx"
import { Button } from "../../../components/Button.tsx"
import type { Spot } from "../follow/follow.logic.ts"
import { type Standing, StatusBar, toStanding } from "../StatusBar.tsx"
import { colour, comparing, createCode, goToLine, takeFromDisk } from "./code.ts"
import { against } from "./compare.ts"
import { FileBar } from "./FileBar.tsx"
import type { Held } from "./held.ts"
import { lineEndOf } from "./text.logic.ts"
import { forgetUnsaved, keepUnsaved, readUnsaved, useUnsaved } from "./unsaved.ts"

export type FileProps = {
  projectId: string
  path: string
  /** The position to go to; a new object for each request. */
  place: Pick<Spot, "line"> | undefined
  /** True: what changes on disk is brought into view. */
  follows: boolean
  /** True: an agent is at work in the folder. */
  isShared: boolean
  /** True: shown against the last commit. */
  compares: boolean
  onCompare: (compares: boolean) => void
  /** Called when the text is edited. */
  onTyped: () => void
  onRename: (path: string) => void
  onRemove: (path: string) => void
  held: Held
}

type Props = FileProps & {
  disk: OnDisk
  /** True: the disk has another text by now than the unsaved one was made from. */
  isApart: boolean
  onJoin: () => void
}

/** After so many milliseconds without a key what was typed is kept; it is longer for texts that take time to write. */
const restMs = { usual: 250, long: 1_500 } as const
const longText = 500_000

export function Editing(props: Props) {
  const { projectId, path, disk, isApart, place, follows, compares, held } = props
  const at = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  /** Of the text on disk that the one on screen was made from. */
  const base = useRef("")
  const isSaving = useRef(false)
  const latest = useRef(props)
  latest.current = props
  const [standing, setStanding] = useState<Standing>()
  const [language, setLanguage] = useState("")
  const [said, setSaid] = useState("")
  const unsaved = useUnsaved(projectId, path)
  const saving = useSaveFile(projectId)
  const committed = useCommitted(projectId, path, compares)

  async function save(): Promise<void> {
    const now = view.current
    const work = readUnsaved(projectId, path)
    if (!now || !work || isSaving.current) return
    const { disk: current, isApart: apart, onJoin } = latest.current
    if (apart && current.content !== null) return onJoin()
    const text = now.state.sliceDoc()
    isSaving.current = true
    try {
      const { digest } = await saving.mutateAsync({
        path,
        content: text,
        ifDigest: apart ? current.digest : base.current,
      })
      base.current = digest
      const after = view.current?.state.sliceDoc() ?? readUnsaved(projectId, path)?.text ?? text
      if (after === text) forgetUnsaved(projectId, path)
      else keepUnsaved(projectId, path, { text: after, digest })
      setSaid("Saved")
    } catch (thrown) {
      const cause = thrown instanceof AuraError ? thrown : undefined
      if (cause?.code === "conflict") onJoin()
      else tellProblem(`${path} was not saved: ${toMessage(thrown)} What you wrote is kept here.`)
    } finally {
      isSaving.current = false
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: opened once for each file; what changes later is told below
  useEffect(() => {
    if (!at.current) return
    const known = held.standing.get(path)
    const work = readUnsaved(projectId, path)
    base.current = work?.digest ?? disk.digest
    const opened = new EditorView({
      parent: at.current,
      state: known?.state ?? open(work?.text ?? disk.content ?? ""),
      ...(known ? { scrollTo: known.scroll } : {}),
    })
    view.current = opened
    let due: ReturnType<typeof setTimeout> | undefined
    const keep = () => {
      clearTimeout(due)
      due = undefined
      const text = opened.state.sliceDoc()
      const { disk: current } = latest.current
      if (text === current.content && base.current === current.digest) forgetUnsaved(projectId, path)
      else keepUnsaved(projectId, path, { text, digest: base.current })
    }
    const keepDue = () => due !== undefined && keep()
    held.on = {
      change(state) {
        latest.current.onTyped()
        setSaid("")
        clearTimeout(due)
        const rest = state.doc.length > longText ? restMs.long : restMs.usual
        if (readUnsaved(projectId, path)) due = setTimeout(keep, rest)
        else keep()
      },
      move: (state) => setStanding(toStanding(state)),
      focus: () => opened.focus(),
      save() {
        keepDue()
        void save()
      },
    }
    setStanding(toStanding(opened.state))
    if (held.wantsFocus) opened.focus()
    held.wantsFocus = false
    void colour(opened, path).then(setLanguage)
    window.addEventListener("pagehide", keepDue)
    opened.contentDOM.addEventListener("blur", keepDue)
    return () => {
      keepDue()
      window.removeEventListener("pagehide", keepDue)
      held.standing.set(path, { state: opened.state, scroll: opened.scrollSnapshot() })
      view.current = undefined
      opened.destroy()
    }
  }, [projectId, path])

  function open(text: string) {
    return createCode({
      path,
      text,
      onChange: (state) => held.on.change(state),
      onMove: (state) => held.on.move(state),
      onSave: () => held.on.save(),
    })
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: told when the disk has another text
  useEffect(() => {
    const now = view.current
    if (!now || readUnsaved(projectId, path)) return
    const text = disk.content ?? ""
    if (now.state.lineBreak === lineEndOf(text)) takeFromDisk(now, text, follows)
    else {
      now.setState(open(text))
      void colour(now, path)
    }
    base.current = disk.digest
  }, [disk.digest, path])

  useEffect(() => {
    if (view.current && place?.line !== undefined) goToLine(view.current, place.line)
  }, [place])

  useEffect(() => {
    // Deleted lines are rendered once, with the colours available at that time.
    const other = compares && language !== "" ? committed.data : undefined
    view.current?.dispatch({
      effects: comparing.reconfigure(other === undefined ? [] : against(other ?? "", "Put this back")),
    })
  }, [compares, committed.data, language])

  return (
    <>
      <FileBar
        projectId={projectId}
        path={path}
        isUnsaved={unsaved !== undefined}
        isSaving={saving.isPending}
        compares={compares}
        onCompare={props.onCompare}
        onSave={() => held.on.save()}
        onRename={props.onRename}
        onRemove={props.onRemove}
      />
      {isApart && disk.content !== null && (
        <Banner
          tone="warn"
          actions={
            <Button size="small" onClick={props.onJoin}>
              Compare and join
            </Button>
          }
        >
          This file has changed on disk while you were editing it. Nothing of either is lost.
        </Banner>
      )}
      {isApart && disk.content === null && (
        <Banner tone="warn">This file is gone from the disk. Saving makes it again.</Banner>
      )}
      {compares && committed.data === null && (
        <Banner tone="note">This file is not in the last commit: all of it is new.</Banner>
      )}
      {compares && committed.isError && <Banner tone="bad">{committed.error.message}</Banner>}
      <div ref={at} className="min-h-0 flex-1 overflow-hidden" />
      <StatusBar
        standing={standing}
        language={language}
        said={saving.isPending ? "Saving" : said}
        unsaved={unsaved}
        isShared={props.isShared}
      />
    </>
  )
}
