/** Chooses what of the log is shown. */
import { useNavigate } from "@tanstack/react-router"
import type { LogFilter } from "../../api/queries/loops.ts"
import { useProjects } from "../../api/queries/projects.ts"
import { changeFilter, kinds } from "./log.logic.ts"

const selectClass =
  "h-8 max-w-44 rounded-md border border-line-strong bg-raised px-2 text-sm pointer-coarse:h-10"

export function LogFilters({ filter }: { filter: LogFilter }) {
  const projects = useProjects().data ?? []
  const navigate = useNavigate()
  const choose = (change: { [K in keyof LogFilter]?: string }) =>
    void navigate({ to: "/log", search: changeFilter(filter, change), replace: true })
  return (
    <div className="flex flex-wrap items-center gap-2">
      <select
        aria-label="Project"
        className={selectClass}
        value={filter.project ?? ""}
        onChange={({ target }) => choose({ project: target.value })}
      >
        <option value="">All projects</option>
        {projects.map((project) => (
          <option key={project.id} value={project.id}>
            {project.name}
          </option>
        ))}
      </select>
      <select
        aria-label="Kind"
        className={selectClass}
        value={filter.kind ?? ""}
        onChange={({ target }) => choose({ kind: target.value })}
      >
        <option value="">Every kind</option>
        {Object.entries(kinds).map(([kind, word]) => (
          <option key={kind} value={kind}>
            {word}
          </option>
        ))}
      </select>
      <label className="flex h-8 items-center gap-2 rounded-md px-1 text-sm pointer-coarse:h-10">
        <input
          type="checkbox"
          className="accent-accent"
          checked={filter.problems !== undefined}
          onChange={({ target }) => choose({ problems: target.checked ? "true" : "" })}
        />
        Only problems
      </label>
    </div>
  )
}
