/** All projects, or the way to the first one. */
import type { Project } from "@aura/core"
import { Link, useNavigate } from "@tanstack/react-router"
import { FileText, Plus } from "lucide-react"
import { useProjects } from "../../api/queries/projects.ts"
import { useProviders } from "../../api/queries/settings.ts"
import { Button } from "../../components/Button.tsx"
import { formatAgo, formatMoney } from "../../components/format.ts"
import { Loading, Problem } from "../../components/Placeholder.tsx"
import { StateDot } from "../../components/StateDot.tsx"
import { useTitle } from "../../hooks/useTitle.ts"
import { useProjectState } from "../../parts/project/useProjectState.ts"

export default function Projects() {
  const projects = useProjects()
  useTitle("Projects")
  if (projects.isPending) return <Loading />
  if (projects.isError) return <Problem error={projects.error} onRetry={() => void projects.refetch()} />
  const active = projects.data.filter((project) => project.status === "active")
  const archived = projects.data.filter((project) => project.status === "archived")
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {active.length === 0 ? <First /> : <List projects={active} />}
      {archived.length > 0 && (
        <details className="mx-auto max-w-4xl px-4 pb-10 sm:px-8">
          <summary className="-mx-2 w-fit rounded-md px-2 py-1 text-ink-3 text-sm hover:text-ink">
            {archived.length} archived
          </summary>
          <Rows projects={archived} />
        </details>
      )}
    </div>
  )
}

function List({ projects }: { projects: readonly Project[] }) {
  const navigate = useNavigate()
  return (
    <div className="mx-auto max-w-4xl px-4 py-8 sm:px-8">
      <header className="mb-4 flex items-center justify-between">
        <h1 className="font-semibold text-xl tracking-tight">Projects</h1>
        <Button
          tone="primary"
          className="xl:hidden"
          icon={<Plus aria-hidden="true" className="size-4" />}
          onClick={() => void navigate({ to: "/projects/new" })}
        >
          New project
        </Button>
      </header>
      <Rows projects={projects} />
    </div>
  )
}

function Rows({ projects }: { projects: readonly Project[] }) {
  return (
    <ul className="-mx-3 flex flex-col">
      {projects.map((project) => (
        <li key={project.id} className="border-line border-b last:border-0">
          <Row project={project} />
        </li>
      ))}
    </ul>
  )
}

function Row({ project }: { project: Project }) {
  const state = useProjectState(project, false)
  return (
    <Link
      to="/projects/$projectId"
      params={{ projectId: project.id }}
      data-row
      className="flex items-center gap-4 rounded-md px-3 py-3 hover:bg-hover"
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{project.name}</span>
        <span className="block truncate text-ink-3 text-sm">
          {project.workspacePath ?? "No folder"}
          {project.rehearsal && " · Rehearsal"}
        </span>
      </span>
      <span className="hidden text-ink-3 text-sm tabular-nums sm:block">{formatAgo(project.updatedAt)}</span>
      <span className="hidden w-16 text-right text-ink-3 text-sm tabular-nums sm:block">
        {formatMoney(project.usage.costUsd)}
      </span>
      <span className="flex w-32 items-center gap-2 text-ink-2 text-sm">
        <StateDot tone={state.tone} />
        {state.word}
      </span>
    </Link>
  )
}

function First() {
  const navigate = useNavigate()
  const providers = useProviders()
  const lacksKey = providers.data?.some(
    ({ isUsed, needsKey, key }) => isUsed && needsKey && key.status === "not_set",
  )
  return (
    <div className="mx-auto flex max-w-xl flex-col px-6 py-20 sm:py-28">
      <FileText aria-hidden="true" className="mb-5 size-7 text-accent" strokeWidth={1.5} />
      <h1 className="text-balance font-semibold text-2xl tracking-tight">
        Give Aura a requirements document. It hands back software with proof.
      </h1>
      <ol className="mt-6 flex flex-col gap-3 text-ink-2">
        <Step n={1}>It numbers what you ask for and writes specs, the most foundational first.</Step>
        <Step n={2}>It splits them into tasks and works through them by itself, in your folder.</Step>
        <Step n={3}>
          It runs your build and your tests after every task, and commits only what passed, with the evidence.
        </Step>
      </ol>
      <div className="mt-8">
        <Button
          tone="primary"
          icon={<Plus aria-hidden="true" className="size-4" />}
          onClick={() => void navigate({ to: "/projects/new" })}
        >
          New project
        </Button>
      </div>
      {lacksKey && (
        <p className="mt-8 border-line border-t pt-5 text-pretty text-ink-3 text-sm">
          No API key is set yet; you can add one in{" "}
          <Link to="/settings" className="text-accent underline underline-offset-3">
            Settings
          </Link>
          . Without a key Aura offers a rehearsal: a whole run whose words come from a script, with real
          files, tests and commits. It plays once at the first start, and again with{" "}
          <code className="font-mono text-xs">npx aura rehearse</code>.
        </p>
      )}
    </div>
  )
}

function Step({ n, children }: { n: number; children: string }) {
  return (
    <li className="flex gap-3">
      <span aria-hidden="true" className="w-4 shrink-0 text-ink-3 tabular-nums">
        {n}
      </span>
      <span className="text-pretty">{children}</span>
    </li>
  )
}
