/** The document and its numbered requirements side by side, and the step to specs. */
import { useNavigate } from "@tanstack/react-router"
import { PencilLine } from "lucide-react"
import { useMemo, useState } from "react"
import { useProject } from "../../api/queries/projects.ts"
import { useDocument, useLedger } from "../../api/queries/requirements.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { Button } from "../../components/Button.tsx"
import { count } from "../../components/format.ts"
import { Loading, Problem } from "../../components/Placeholder.tsx"
import { useProjectId } from "../../hooks/useProjectId.ts"
import { BuildIt } from "../../parts/plan/BuildIt.tsx"
import { GenerateSpecs } from "../../parts/plan/GenerateSpecs.tsx"
import { DocumentEditor } from "./DocumentEditor.tsx"
import { DocumentView } from "./DocumentView.tsx"
import { Findings } from "./Findings.tsx"
import { LookItOver } from "./LookItOver.tsx"
import { RequirementList } from "./RequirementList.tsx"
import { toPassages } from "./requirements.logic.ts"
import { useSelectedRequirement } from "./useSelectedRequirement.ts"

export default function Requirements() {
  const projectId = useProjectId()
  const project = useProject(projectId)
  const document = useDocument(projectId)
  const tasks = useTasks(projectId)
  const ledger = useLedger(projectId).data
  const navigate = useNavigate()
  const selected = useSelectedRequirement()
  const [editing, setEditing] = useState<{ draft?: string }>()
  const view = document.data
  const passages = useMemo(() => (view ? toPassages(view.markdown, view.requirements) : []), [view])
  if (document.isError) return <Problem error={document.error} onRetry={() => void document.refetch()} />
  if (!view) return <Loading rows={9} />
  if (editing) {
    const close = () => setEditing(undefined)
    const { draft } = editing
    return <DocumentEditor projectId={projectId} markdown={view.markdown} draft={draft} onClose={close} />
  }

  function select(id: string): void {
    void navigate({
      to: "/projects/$projectId/requirements",
      params: { projectId },
      search: { r: id },
      replace: true,
      resetScroll: false,
    })
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 flex-wrap items-center gap-2 px-4 py-3 sm:px-6">
        <p className="mr-auto text-ink-2 text-sm">
          {count(view.requirements.length, "requirement")} in version {view.version}
        </p>
        <Button
          tone="quiet"
          icon={<PencilLine aria-hidden="true" className="size-3.5" />}
          onClick={() => setEditing({})}
        >
          Edit
        </Button>
        {project.data?.rehearsal === false && (
          <LookItOver projectId={projectId} archived={project.data.status === "archived"} />
        )}
        <GenerateSpecs projectId={projectId} archived={project.data?.status === "archived"} />
        <BuildIt projectId={projectId} archived={project.data?.status === "archived"} />
      </div>
      <Findings document={view} onUse={(draft) => setEditing({ draft })} />
      <div className="grid min-h-0 flex-1 grid-rows-[auto_minmax(0,1fr)] border-line border-t md:grid-cols-[20rem_minmax(0,1fr)] md:grid-rows-1 xl:grid-cols-[24rem_minmax(0,1fr)]">
        <RequirementList
          projectId={projectId}
          uncounted={view.uncounted}
          requirements={view.requirements}
          rows={ledger?.items ?? []}
          selected={selected}
          planned={(tasks.data?.length ?? 0) > 0}
          onSelect={select}
        />
        <DocumentView passages={passages} selected={selected} onSelect={select} />
      </div>
    </div>
  )
}
