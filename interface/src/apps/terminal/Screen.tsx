/** A terminal, or a command that is watched: drawn as the server has it, searched, left by Ctrl+Shift+L, and says whose it is. */
import "@xterm/xterm/css/xterm.css"
import { useEffect, useRef, useState } from "react"
import { attachTerminal, type Ending, type ScreenKind, type Shown } from "../../api/terminal.ts"
import { useTheme } from "../../hooks/theme.ts"
import { Find } from "./Find.tsx"
import { ScreenFoot, type ScreenState } from "./ScreenFoot.tsx"
import { createScreen, type OwnScreen, readTheme } from "./screen.ts"

type Props = {
  kind: ScreenKind
  id: string
  label: string
  by?: "agent" | "check" | undefined
  onShow?: (shown: Shown) => void
  onTitle?: (title: string) => void
  onEnd: (how: Ending) => void
  onLeave: () => void
}

const hideCursor = "\x1b[?25l"

export function Screen({ kind, id, label, by, onShow, onTitle, onEnd, onLeave }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const held = useRef<OwnScreen>(undefined)
  const [finding, setFinding] = useState(false)
  const [state, setState] = useState<ScreenState>({ kind: "attached" })
  const [refused, setRefused] = useState(0)
  const told = useRef({ label, onShow, onTitle, onEnd, onLeave })
  told.current = { label, onShow, onTitle, onEnd, onLeave }
  const look = useTheme()

  useEffect(() => {
    const at = place.current
    if (!at) return
    const isReadOnly = kind === "commands"
    const own = createScreen(at, {
      label: told.current.label,
      isReadOnly,
      find: () => setFinding(true),
      leave: () => told.current.onLeave(),
      refuse: () => setRefused((times) => times + 1),
    })
    held.current = own
    const { terminal, fit } = own
    let isTold = false
    const line = attachTerminal(kind, id, {
      show(shown) {
        told.current.onShow?.(shown)
        terminal.reset()
        if (shown.cols && shown.rows) terminal.resize(shown.cols, shown.rows)
        terminal.write(isReadOnly ? hideCursor + shown.text : shown.text, () => fit.fit())
      },
      // After what was printed for the size before. It is the server's word: it does not go back there.
      resize: (cols, rows) =>
        terminal.write("", () => {
          isTold = true
          terminal.resize(cols, rows)
          isTold = false
        }),
      rename: (title) => told.current.onTitle?.(title),
      draw: (text, drawn) => terminal.write(text, drawn),
      end(how) {
        terminal.write(hideCursor)
        setState({ kind: "ended", how })
        told.current.onEnd(how)
      },
      state: (attached) => setState({ kind: attached ? "attached" : "interrupted" }),
    })
    if (!isReadOnly) {
      terminal.onData(line.type)
      terminal.onResize(({ cols, rows }) => {
        if (!isTold) line.resize(cols, rows)
      })
    }
    const size = new ResizeObserver(() => fit.fit())
    size.observe(at)
    // The screen fits the size of the focused viewer.
    terminal.textarea?.addEventListener("focus", () => fit.fit())
    const dark = matchMedia("(prefers-color-scheme: dark)")
    const recolour = () => {
      terminal.options.theme = readTheme(at)
    }
    dark.addEventListener("change", recolour)
    terminal.focus()
    return () => {
      dark.removeEventListener("change", recolour)
      size.disconnect()
      line.close()
      terminal.dispose()
      held.current = undefined
    }
  }, [kind, id])

  useEffect(() => {
    if (look && held.current && place.current) held.current.terminal.options.theme = readTheme(place.current)
  }, [look])

  const closeFind = () => {
    setFinding(false)
    held.current?.search.clearDecorations()
    held.current?.terminal.focus()
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {finding && (
        <Find
          find={(text, isOnward) => {
            const { search } = held.current ?? {}
            return (isOnward ? search?.findNext(text) : search?.findPrevious(text)) ?? false
          }}
          onClose={closeFind}
        />
      )}
      <div ref={place} className="min-h-0 flex-1 overflow-hidden p-2 font-mono" />
      <ScreenFoot kind={kind} by={by} state={state} refused={refused} onFind={() => setFinding(true)} />
    </div>
  )
}
