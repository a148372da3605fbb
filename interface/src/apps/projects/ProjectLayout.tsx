/** A project's frame: its name and state, and its places. */
import type { Project } from "@aura/core"
import { Link, Outlet, useLocation } from "@tanstack/react-router"
import { ArrowUpRight, Clapperboard } from "lucide-react"
import { useSpecs } from "../../api/queries/plan.ts"
import { useProject } from "../../api/queries/projects.ts"
import { useLedger } from "../../api/queries/requirements.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { Banner } from "../../components/Banner.tsx"
import { IdeLink } from "../../components/IdeLink.tsx"
import { NotFound } from "../../components/NotFound.tsx"
import { Loading, Problem } from "../../components/Placeholder.tsx"
import { StateDot } from "../../components/StateDot.tsx"
import { TabRow } from "../../components/TabRow.tsx"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { useTitle } from "../../hooks/useTitle.ts"
import { BuildProblem } from "../../parts/plan/BuildProblem.tsx"
import { useProjectState } from "../../parts/project/useProjectState.ts"
import { toShare } from "../../parts/proof/proof.logic.ts"
import { WhileAway } from "../../parts/recap/WhileAway.tsx"
import { ProjectMenu } from "./ProjectMenu.tsx"

export default function ProjectLayout() {
  const project = useProject(useProjectId())
  if (project.data === undefined)
    return project.isError ? (
      <Problem error={project.error} onRetry={() => void project.refetch()} />
    ) : (
      <Loading />
    )
  if (project.data === null) return <NotFound />
  return <Frame project={project.data} />
}

function Frame({ project }: { project: Project }) {
  const state = useProjectState(project, true)
  const ledger = useLedger(project.id)
  const share = ledger.data && toShare(ledger.data)
  const specs = useSpecs(project.id)
  const tasks = useTasks(project.id)
  const done = tasks.data?.filter((task) => task.status === "done").length ?? 0
  const progress = tasks.data?.length ? `${done}/${tasks.data.length}` : undefined
  useTitle(progress ? `${state.word} ${progress}` : state.word, project.name)
  const to = { params: { projectId: project.id } }
  const place = useLocation({ select: ({ pathname }) => pathname.split("/")[3] })
  return (
    <>
      <header className="shrink-0 border-line border-b px-4 pt-3 sm:px-6">
        <div className="flex items-center gap-3">
          <h1 className="min-w-0 truncate font-semibold text-lg tracking-tight" title={project.name}>
            {project.name}
          </h1>
          <span className="flex shrink-0 items-center gap-1.5 text-ink-2 text-sm">
            <StateDot tone={state.tone} />
            {state.word}
          </span>
          <span className="ml-auto">
            <ProjectMenu project={project} />
          </span>
        </div>
        <TabRow label="Project" current={place} className="-mx-2 mt-1.5 gap-0.5">
          <Link to="/projects/$projectId/requirements" {...to} {...tab}>
            Requirements
          </Link>
          <Link to="/projects/$projectId/specs" {...to} {...tab}>
            Specs
            <Tally text={specs.data?.length ? String(specs.data.length) : undefined} />
          </Link>
          <Link to="/projects/$projectId/tasks" {...to} {...tab}>
            Tasks
            <Tally text={progress} />
          </Link>
          <Link to="/projects/$projectId/run" {...to} {...tab}>
            Run
          </Link>
          <Link to="/projects/$projectId/proof" {...to} {...tab}>
            Proof
            <Tally text={share && share.total > 0 ? `${share.settled}/${share.total}` : undefined} />
          </Link>
          <Link to="/projects/$projectId/sessions" {...to} {...tab}>
            Sessions
          </Link>
          <Link to="/projects/$projectId/terminal" {...to} {...tab}>
            Terminal
          </Link>
          <IdeLink project={project.id} className={`${tab.className} ${tab.inactiveProps.className}`}>
            Files <ArrowUpRight aria-hidden="true" className="size-3.5 text-ink-3" />
          </IdeLink>
        </TabRow>
      </header>
      {project.rehearsal && (
        <Banner
          tone="note"
          icon={<Clapperboard aria-hidden="true" className="size-4 shrink-0 text-accent" />}
        >
          <strong className="font-semibold">Rehearsal:</strong> the model's words come from a script; files,
          commands, tests and commits are real.
        </Banner>
      )}
      <BuildProblem project={project} />
      <WhileAway key={project.id} projectId={project.id} />
      <Outlet />
    </>
  )
}

const tab = {
  className:
    "flex shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2 py-2 text-sm -outline-offset-2",
  activeProps: { className: "border-accent! font-medium text-ink" },
  inactiveProps: { className: "text-ink-2 hover:text-ink" },
} as const

/** A count beside a tab; not part of its name. */
function Tally({ text }: { text: string | undefined }) {
  if (!text) return null
  return (
    <span aria-hidden="true" className="font-normal text-ink-3 text-xs tabular-nums">
      {text}
    </span>
  )
}
