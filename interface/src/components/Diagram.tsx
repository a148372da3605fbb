/** A mermaid diagram, drawn as an image in the colours of the theme; what cannot be drawn is shown as its source. */
import { renderMermaidSVG } from "beautiful-mermaid"
import { useEffect, useMemo, useRef, useState } from "react"
import { cleanSource, longestDiagram, toImageAddress } from "./diagram.logic.ts"

const tokens = {
  bg: "--surface",
  fg: "--ink",
  line: "--ink-3",
  accent: "--accent",
  muted: "--ink-2",
  surface: "--sunken",
  border: "--line-strong",
} as const

type Palette = Record<keyof typeof tokens, string>
type Drawing = { address: string } | { fault: string }

export default function Diagram({ source }: { source: string }) {
  const [figure, palette] = usePalette()
  const drawing = useMemo(() => palette && draw(source, palette), [source, palette])
  const fault = drawing && "fault" in drawing ? drawing.fault : undefined
  return (
    <figure ref={figure} className="my-3">
      {drawing && "address" in drawing && (
        <div className="overflow-x-auto rounded-md border border-line bg-surface p-3">
          <img alt="Diagram; its source follows" src={drawing.address} className="mx-auto max-w-full" />
        </div>
      )}
      {fault ? (
        <>
          <figcaption className="text-ink-2 text-sm">This diagram cannot be drawn: {fault}</figcaption>
          <Source text={source} />
        </>
      ) : (
        <details className="mt-1 text-ink-3 text-sm">
          <summary className="w-fit cursor-pointer rounded-sm hover:text-ink">Source</summary>
          <Source text={source} />
        </details>
      )}
    </figure>
  )
}

function Source({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre tabIndex={0}>
      <code>{text}</code>
    </pre>
  )
}

function draw(source: string, palette: Palette): Drawing {
  if (source.length > longestDiagram) return { fault: "its source is too long." }
  try {
    const svg = renderMermaidSVG(cleanSource(source), { ...palette, font: "sans-serif", padding: 12 })
    return { address: toImageAddress(svg) }
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown)
    const kind = /^Invalid mermaid header: "([^"\n]{0,40})/.exec(said)?.[1]
    return { fault: kind === undefined ? said : `“${kind.trim()}” is no kind of diagram known here.` }
  }
}

/** The theme's colours as an image can use them: read off the page, again whenever the theme changes. */
function usePalette() {
  const figure = useRef<HTMLElement>(null)
  const [palette, setPalette] = useState<Palette>()
  useEffect(() => {
    const read = () => {
      const element = figure.current
      if (!element) return
      const color = (token: string) => {
        element.style.color = `var(${token})`
        return getComputedStyle(element).color
      }
      const found: Palette = {
        bg: color(tokens.bg),
        fg: color(tokens.fg),
        line: color(tokens.line),
        accent: color(tokens.accent),
        muted: color(tokens.muted),
        surface: color(tokens.surface),
        border: color(tokens.border),
      }
      element.style.color = ""
      setPalette(found)
    }
    read()
    const watch = new MutationObserver(read)
    watch.observe(document.documentElement, { attributeFilter: ["data-theme", "data-contrast"] })
    const system = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("(prefers-contrast: more)")]
    for (const query of system) query.addEventListener("change", read)
    return () => {
      watch.disconnect()
      for (const query of system) query.removeEventListener("change", read)
    }
  }, [])
  return [figure, palette] as const
}
