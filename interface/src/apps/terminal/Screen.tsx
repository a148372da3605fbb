/** One terminal on the page: drawn as the server has it, typed into, searched, and left by Ctrl+Shift+L. */
import "@xterm/xterm/css/xterm.css"
import { useEffect, useRef, useState } from "react"
import { attachTerminal } from "../../api/terminal.ts"
import { inputClass } from "../../components/Field.tsx"
import { useTheme } from "../../hooks/theme.ts"
import { createScreen, type OwnScreen, readTheme } from "./screen.ts"

type Props = { id: string; onEnd: () => void; onLeave: () => void }

export function Screen({ id, onEnd, onLeave }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const held = useRef<OwnScreen>(undefined)
  const [finding, setFinding] = useState(false)
  const [attached, setAttached] = useState(true)
  const told = useRef({ onEnd, onLeave })
  told.current = { onEnd, onLeave }
  const look = useTheme()

  useEffect(() => {
    const at = place.current
    if (!at) return
    const own = createScreen(at, { find: () => setFinding(true), leave: () => told.current.onLeave() })
    held.current = own
    const { terminal, fit } = own
    const line = attachTerminal(id, {
      show(text, cols, rows) {
        terminal.reset()
        terminal.resize(cols, rows)
        terminal.write(text, () => fit.fit())
      },
      draw: (text, drawn) => terminal.write(text, drawn),
      end: () => told.current.onEnd(),
      state: setAttached,
    })
    terminal.onData(line.type)
    terminal.onResize(({ cols, rows }) => line.resize(cols, rows))
    const size = new ResizeObserver(() => fit.fit())
    size.observe(at)
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
  }, [id])

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
      {!attached && (
        <p role="status" className="bg-warn-soft px-4 py-1 text-sm text-warn">
          The connection is interrupted. What the shell prints meanwhile is kept.
        </p>
      )}
      {finding && (
        <input
          type="search"
          aria-label="Find in the terminal"
          placeholder="Find"
          ref={(field) => field?.focus()}
          className={`${inputClass} absolute top-2 right-4 z-10 h-8 max-w-56`}
          onKeyDown={(event) => {
            if (event.key === "Escape") closeFind()
            if (event.key !== "Enter") return
            const text = event.currentTarget.value
            if (event.shiftKey) held.current?.search.findNext(text)
            else held.current?.search.findPrevious(text)
          }}
        />
      )}
      <div ref={place} className="min-h-0 flex-1 overflow-hidden p-2 font-mono" />
    </div>
  )
}
