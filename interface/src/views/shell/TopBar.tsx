/** Replaces the sidebar on narrow screens: a link to the projects, and the name. */
import { Link } from "@tanstack/react-router"
import { Menu, Search } from "lucide-react"
import { IconButton } from "../../components/Button.tsx"
import { Wordmark } from "../../components/Wordmark.tsx"
import { NeedsYou } from "./NeedsYou.tsx"

export function TopBar({ onMenu, onFind }: { onMenu: () => void; onFind: () => void }) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-1 border-line border-b px-2 xl:hidden">
      <IconButton
        label="Open the menu"
        icon={<Menu aria-hidden="true" className="size-4.5" />}
        onClick={onMenu}
      />
      <Link to="/projects" className="rounded-md px-1">
        <Wordmark />
      </Link>
      <span className="ml-auto flex items-center gap-1">
        <IconButton
          label="Find or do anything"
          icon={<Search aria-hidden="true" className="size-4.5" />}
          onClick={onFind}
        />
        <NeedsYou short />
      </span>
    </header>
  )
}
