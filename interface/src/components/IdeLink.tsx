/** A link that opens the editor in Aura's own window if there is one, otherwise in a tab for the project. */
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
