/** Projects with their states, and the link to Settings. */
import type { Project } from "@aura/core"
import { Link, useNavigate, useParams, useRouterState } from "@tanstack/react-router"
import {
  ChartNoAxesColumn,
  Keyboard,
  type LucideIcon,
  Plus,
  ScrollText,
  Search,
  Settings,
} from "lucide-react"
import { useId } from "react"
import { useProjects } from "../../api/queries/projects.ts"
import { Button, IconButton } from "../../components/Button.tsx"
import { cx } from "../../components/cx.ts"
import { StateDot } from "../../components/StateDot.tsx"
import { Wordmark } from "../../components/Wordmark.tsx"
import { useProjectState } from "../../parts/project/useProjectState.ts"
import { NeedsYou } from "./NeedsYou.tsx"

type Props = { onNavigate?: () => void; onShortcuts?: () => void; onFind?: () => void }

export function Sidebar({ onNavigate, onShortcuts, onFind }: Props) {
  const projects = useProjects()
  const navigate = useNavigate()
  const creating = useRouterState({ select: (state) => state.location.pathname === "/projects/new" })
  const shown = projects.data?.filter((project) => project.status === "active") ?? []
  return (
    <nav aria-label="Projects" className="flex h-full flex-col gap-1 px-3 pt-3 pb-2">
      <div className="flex h-9 items-center px-2">
        <Link to="/projects" onClick={onNavigate} className="rounded-md">
          <Wordmark />
        </Link>
        {onFind && (
          <IconButton
            label="Find or do anything"
            className="ml-auto"
            icon={<Search aria-hidden="true" className="size-4" />}
            onClick={onFind}
          />
        )}
      </div>
      <NeedsYou onNavigate={onNavigate} />
      {shown.length > 0 && !creating && (
        <Button
          className="mt-2 justify-start"
          icon={<Plus aria-hidden="true" className="size-4 text-ink-3" />}
          onClick={() => {
            onNavigate?.()
            void navigate({ to: "/projects/new" })
          }}
        >
          New project
        </Button>
      )}
      <ul className="-mx-1 mt-3 flex min-h-0 flex-1 flex-col gap-px overflow-y-auto px-1 pb-4">
        {shown.map((project) => (
          <li key={project.id}>
            <ProjectLink project={project} onNavigate={onNavigate} />
          </li>
        ))}
      </ul>
      <PlaceLink to="/usage" icon={ChartNoAxesColumn} onNavigate={onNavigate}>
        Usage
      </PlaceLink>
      <PlaceLink to="/log" icon={ScrollText} onNavigate={onNavigate}>
        Log
      </PlaceLink>
      <div className="flex items-center gap-1">
        <Link
          to="/settings"
          onClick={onNavigate}
          className="flex h-8 flex-1 items-center gap-2 rounded-md px-2 text-sm hover:bg-hover hover:text-ink pointer-coarse:h-11"
          activeProps={{ className: "bg-hover text-ink" }}
          inactiveProps={{ className: "text-ink-2" }}
        >
          <Settings aria-hidden="true" className="size-4" />
          Settings
        </Link>
        {onShortcuts && (
          <IconButton
            label="Keyboard shortcuts"
            icon={<Keyboard aria-hidden="true" className="size-4" />}
            onClick={onShortcuts}
          />
        )}
      </div>
    </nav>
  )
}

type PlaceProps = {
  to: "/usage" | "/log"
  icon: LucideIcon
  onNavigate: (() => void) | undefined
  children: string
}

function PlaceLink({ to, icon: Icon, onNavigate, children }: PlaceProps) {
  return (
    <Link
      to={to}
      onClick={onNavigate}
      className="flex h-8 shrink-0 items-center gap-2 rounded-md px-2 text-sm hover:bg-hover hover:text-ink pointer-coarse:h-11"
      activeProps={{ className: "bg-hover text-ink" }}
      inactiveProps={{ className: "text-ink-2" }}
    >
      <Icon aria-hidden="true" className="size-4" />
      {children}
    </Link>
  )
}

function ProjectLink({ project, onNavigate }: { project: Project; onNavigate: (() => void) | undefined }) {
  const { projectId } = useParams({ strict: false })
  const open = projectId === project.id
  const id = useId()
  const state = useProjectState(project, open)
  return (
    <div
      className={cx(
        "relative flex items-center gap-2.5 rounded-md px-2 py-1.5 pointer-coarse:py-2.5",
        open ? "bg-hover" : "hover:bg-hover",
      )}
    >
      <StateDot tone={state.tone} />
      <Link
        to="/projects/$projectId"
        params={{ projectId: project.id }}
        onClick={onNavigate}
        aria-current={open ? "page" : undefined}
        aria-describedby={id}
        title={project.name}
        className="min-w-0 flex-1 truncate text-sm outline-none after:absolute after:inset-0 after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
      >
        {project.name}
      </Link>
      <span id={id} className="shrink-0 text-ink-3 text-xs">
        {state.word}
      </span>
    </div>
  )
}
