/** The header of the editor window: the project, the position of the agent, and ways to open a file. */
import type { Project } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { Eye, Keyboard, PanelLeft, Search } from "lucide-react"
import { isInWindow } from "../../api/window.ts"
import { Button, IconButton } from "../../components/Button.tsx"
import { Kbd } from "../../components/Kbd.tsx"
import { Wordmark } from "../../components/Wordmark.tsx"
import type { Following } from "./follow/useFollow.ts"

type Props = {
  project: Project
  follows: boolean
  following: Following
  onFollow: (follows: boolean) => void
  /** Absent where the files are on screen anyway. */
  onFiles: (() => void) | undefined
  onGo: () => void
  onKeys: () => void
}

export function IdeHeader({ project, follows, following, onFollow, onFiles, onGo, onKeys }: Props) {
  return (
    <header className="flex h-11 shrink-0 items-center gap-2 border-line border-b bg-canvas pr-2 pl-3">
      {onFiles ? (
        <IconButton
          label="Files"
          icon={<PanelLeft aria-hidden="true" className="size-4" />}
          onClick={onFiles}
        />
      ) : (
        <Wordmark />
      )}
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
        onClick={() => onFollow(!follows)}
      >
        <span className="hidden sm:inline">Follow</span>
      </Button>
      <Button
        size="small"
        tone="quiet"
        aria-label="Go to a file"
        title="Go to a file (Ctrl+P)"
        icon={<Search aria-hidden="true" className="size-4" />}
        onClick={onGo}
      >
        <span className="hidden items-center gap-2 md:flex">
          Go to file <Kbd>Ctrl P</Kbd>
        </span>
      </Button>
      <IconButton
        label="Keyboard shortcuts"
        icon={<Keyboard aria-hidden="true" className="size-4" />}
        onClick={onKeys}
      />
    </header>
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
