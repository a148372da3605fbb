/** A link that opens the editor window: Aura's own where there is one, else a tab of its project's. */
import type { ReactNode } from "react"
import { type IdePlace, openIde, toIdeHref } from "../api/ide.ts"

type Props = IdePlace & { label?: string; className?: string; children: ReactNode }

export function IdeLink({ label, className, children, ...place }: Props) {
  return (
    <a
      href={toIdeHref(place)}
      target={`aura-ide-${place.project}`}
      aria-label={label}
      title={label}
      className={className}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return
        event.preventDefault()
        openIde(place)
      }}
    >
      {children}
    </a>
  )
}
