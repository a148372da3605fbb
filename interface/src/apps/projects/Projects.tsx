/** All projects, or the way to the first one. */
import { describeProjection, type Project } from "@aura/core"
import { Link, useNavigate } from "@tanstack/react-router"
import { Circle, CircleCheck, FileText, Plus } from "lucide-react"
import type { ReactNode } from "react"
import { useLoops } from "../../api/queries/loops.ts"
import { useAttention, useProjection, useProjects } from "../../api/queries/projects.ts"
import { useLedger } from "../../api/queries/requirements.ts"
import { useProviders, useSettings } from "../../api/queries/settings.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { Button } from "../../components/Button.tsx"
import { formatAgo } from "../../components/format.ts"
import { Loading, Problem } from "../../components/Placeholder.tsx"
import { StateDot } from "../../components/StateDot.tsx"
import { useTitle } from "../../hooks/useTitle.ts"
import { newest } from "../../parts/project/project-state.logic.ts"
import { describeSpending } from "../../parts/project/spending.logic.ts"
import { useProjectState } from "../../parts/project/useProjectState.ts"
import { BoardBar } from "../../parts/proof/BoardBar.tsx"

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
  const state = useProjectState(project, true)
  const ledger = useLedger(project.id).data
  const loop = newest(useLoops(project.id).data)
  const tasks = useTasks(project.id).data
  const projection = useProjection(project.id).data
  const pressing = useAttention().data?.filter((one) => one.projectId === project.id).length ?? 0
  const task = tasks?.find(({ id }) => loop?.status !== "finished" && id === loop?.taskId)
  const left = projection && describeProjection(projection)
  return (
    <Link
      to="/projects/$projectId"
      params={{ projectId: project.id }}
      data-row
      className="flex flex-col gap-1.5 rounded-md px-3 py-4 hover:bg-hover"
    >
      <span className="flex items-baseline gap-3">
        <span className="min-w-0 flex-1 truncate font-medium">{project.name}</span>
        {pressing > 0 && <span className="text-bad text-sm">Needs you: {pressing}</span>}
        <span className="flex shrink-0 items-center gap-2 text-ink-2 text-sm">
          <StateDot tone={state.tone} />
          {state.word}
        </span>
      </span>
      <span className="flex flex-wrap items-center gap-x-6 gap-y-1">
        {ledger && <BoardBar ledger={ledger} />}
        <span className="text-ink-3 text-sm tabular-nums">{describeSpending(project)}</span>
        {left && <span className="text-ink-3 text-sm tabular-nums">{left}</span>}
      </span>
      <span className="flex min-w-0 items-baseline gap-3 text-ink-3 text-sm">
        <span className="min-w-0 flex-1 truncate">
          {task ? `Working on ${task.title}` : (project.workspacePath ?? "No folder")}
        </span>
        <span className="shrink-0 tabular-nums">{formatAgo(project.updatedAt)}</span>
      </span>
    </Link>
  )
}

function First() {
  const navigate = useNavigate()
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
      <Checklist />
    </div>
  )
}

/** What a first run needs; gone once all of it is there. */
function Checklist() {
  const providers = useProviders().data
  const sandbox = useSettings().data?.sandbox
  if (!providers || !sandbox) return null
  const hasKey = !providers.some(
    ({ isUsed, needsKey, key }) => isUsed && needsKey && key.status === "not_set",
  )
  const hasSandbox = sandbox.kind !== "missing"
  if (hasKey && hasSandbox) return null
  return (
    <section aria-label="Before the first run" className="mt-8 border-line border-t pt-5 text-sm">
      <h2 className="font-medium">Before the first run</h2>
      <ul className="mt-3 flex flex-col gap-3">
        <Item done={hasKey} title="An API key">
          <Link to="/settings" className="text-accent underline underline-offset-3">
            Add a key
          </Link>{" "}
          in Settings, or enter it with the first project. Without one Aura plays a rehearsal: a whole run
          whose words come from a script, with real files, tests and commits. It plays once at the first
          start, and again with <code className="font-mono text-xs">npx aura rehearse</code>.
        </Item>
        <Item done={hasSandbox} title="A sandbox for commands">
          {sandbox.reason}
        </Item>
      </ul>
    </section>
  )
}

function Item({ done, title, children }: { done: boolean; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      {done ? (
        <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ok" />
      ) : (
        <Circle aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-3" />
      )}
      <div className="min-w-0 text-pretty text-ink-3">
        <p className="text-ink">
          {title}
          <span className="sr-only">{done ? ": there" : ": missing"}</span>
        </p>
        {!done && <p>{children}</p>}
      </div>
    </li>
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
