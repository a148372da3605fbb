/** What all projects have used and cost, by class of token. */
import type { Project, Usage as Used } from "@aura/core"
import { Link } from "@tanstack/react-router"
import { useProjects } from "../../api/queries/projects.ts"
import { cx } from "../../components/cx.ts"
import { count, formatMoney, formatPercent, formatTokens } from "../../components/format.ts"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { useTitle } from "../../hooks/useTitle.ts"
import { byCost, cacheShare, classes, sumUsage, type TokenClass } from "./usage.logic.ts"

const fills: Readonly<Record<TokenClass, string>> = {
  cacheReadTokens: "bg-ok",
  cacheWriteTokens: "bg-warn",
  inputTokens: "bg-accent",
  outputTokens: "bg-ink-3",
}

export default function Usage() {
  useTitle("Usage")
  const projects = useProjects()
  if (projects.isError) return <Problem error={projects.error} onRetry={() => void projects.refetch()} />
  if (!projects.data) return <Loading />
  const total = sumUsage(projects.data)
  const share = cacheShare(total)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-4xl px-4 py-8 sm:px-8">
        <h1 className="font-semibold text-xl tracking-tight">Usage</h1>
        {projects.data.length === 0 ? (
          <Empty title="Nothing used yet">What every project costs appears here, by class of token.</Empty>
        ) : (
          <>
            <p className="mt-5 text-2xl tabular-nums tracking-tight">{formatMoney(total.costUsd)}</p>
            <p className="mt-2 text-ink-3 text-sm">
              over {count(projects.data.filter((project) => !project.rehearsal).length, "project")}
              {share !== undefined && ` · ${formatPercent(share)} of the input came from the cache`}
            </p>
            <Bar usage={total} />
            <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-sm">
              {classes.map(({ key, name }) => (
                <div key={key} className="flex items-center gap-2">
                  <dt className="flex items-center gap-2 text-ink-3">
                    <span aria-hidden="true" className={cx("size-2 rounded-full", fills[key])} />
                    {name}
                  </dt>
                  <dd className="tabular-nums">{formatTokens(total[key])}</dd>
                </div>
              ))}
            </dl>
            <Table projects={byCost(projects.data)} />
          </>
        )}
      </div>
    </div>
  )
}

function Bar({ usage }: { usage: Used }) {
  const all = classes.reduce((sum, { key }) => sum + usage[key], 0)
  if (all === 0) return null
  return (
    <div aria-hidden="true" className="mt-5 flex h-2 gap-0.5 overflow-hidden rounded-full">
      {classes.map(({ key }) => (
        <div key={key} className={fills[key]} style={{ width: `${(usage[key] / all) * 100}%` }} />
      ))}
    </div>
  )
}

function Table({ projects }: { projects: readonly Project[] }) {
  return (
    <div className="mt-8 overflow-x-auto">
      <table className="w-full min-w-[36rem] text-sm">
        <thead>
          <tr className="border-line border-b text-left text-ink-3">
            <th className="py-2 pr-3 font-medium">Project</th>
            {classes.map(({ key, name }) => (
              <th key={key} className="px-3 py-2 text-right font-medium">
                {name}
              </th>
            ))}
            <th className="py-2 pl-3 text-right font-medium">Cost</th>
          </tr>
        </thead>
        <tbody className="tabular-nums">
          {projects.map((project) => (
            <tr key={project.id} className="border-line border-b last:border-0">
              <td className="max-w-56 truncate py-2 pr-3">
                <Link
                  to="/projects/$projectId/sessions"
                  params={{ projectId: project.id }}
                  data-row
                  className="hover:underline"
                >
                  {project.name}
                </Link>
              </td>
              {classes.map(({ key }) => (
                <td key={key} className="px-3 py-2 text-right text-ink-2">
                  {formatTokens(project.usage[key])}
                </td>
              ))}
              <td className="py-2 pl-3 text-right">
                {project.rehearsal ? "Rehearsal" : formatMoney(project.usage.costUsd)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
