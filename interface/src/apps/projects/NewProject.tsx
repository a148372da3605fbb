/** From a requirements document to a project, on one page. */
import { AuraError, type Project, splitModelId, toMessage } from "@aura/core"
import { useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { ChevronRight, Hammer } from "lucide-react"
import { lazy, Suspense, useEffect, useState } from "react"
import { addMissing, settingsKey } from "../../api/apply.ts"
import { useCommand } from "../../api/commands.ts"
import { useProviders, useSettings } from "../../api/queries/settings.ts"
import { isInWindow } from "../../api/window.ts"
import { Button } from "../../components/Button.tsx"
import { TextField } from "../../components/Field.tsx"
import { useTitle } from "../../hooks/useTitle.ts"
import { PlanFirst } from "../../parts/plan/PlanFirst.tsx"
import { usePlanFirst } from "../../parts/plan/planFirst.ts"
import { takeDocument, useDropped } from "../../parts/project/dropped.ts"
import { DocumentField } from "./DocumentField.tsx"
import {
  type Draft,
  emptyDraft,
  type Field,
  fieldOf,
  findProblems,
  type Problems,
  parseDraft,
  suggestName,
  toBody,
} from "./new-project.logic.ts"

const FolderBrowser = lazy(() => import("./FolderBrowser.tsx"))

const draftKey = "aura-new-project"

export default function NewProject() {
  useTitle("New project")
  const form = useNewProject()
  const providers = useProviders().data
  const settings = useSettings().data
  const provider = providers?.find((one) => one.id === splitModelId(settings?.model ?? "").provider)
  const needsKey = provider?.id === "anthropic" && provider.needsKey && provider.key.status === "not_set"
  const { draft, problems, change } = form
  const [browsing, setBrowsing] = useState(false)
  const pick = useCommand("pickPath", true)
  const browse = () => {
    if (!isInWindow()) return setBrowsing(true)
    // The system's own dialog; where it has none, the folders are browsed here.
    pick.mutate(
      { body: { kind: "folder", title: "Workspace folder" } },
      { onSuccess: ({ path }) => path && change("folder", path), onError: () => setBrowsing(true) },
    )
  }
  const text = (field: Field) => ({
    value: draft[field],
    error: problems[field],
    onChange: (event: { target: { value: string } }) => change(field, event.target.value),
  })
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <form
        className="mx-auto flex max-w-2xl flex-col gap-6 px-4 py-8 sm:px-8 sm:py-12"
        onSubmit={(event) => {
          event.preventDefault()
          void form.build()
        }}
        noValidate
      >
        <header>
          <h1 className="font-semibold text-2xl tracking-tight">Start from what you want</h1>
          <p className="mt-1.5 text-ink-2">
            Describe it in markdown. Every statement gets a number and is followed through to its proof.
          </p>
        </header>
        <TextField label="Project name" {...text("name")} autoFocus />
        <DocumentField
          value={draft.requirements}
          error={problems.requirements}
          onChange={(value) => change("requirements", value)}
        />
        <div>
          <TextField
            label="Workspace folder"
            placeholder="/home/ada/todo"
            hint="The absolute path of the folder Aura works in: an empty one, or a git repository you have."
            className="font-mono text-sm"
            {...text("folder")}
          />
          <Button size="small" tone="quiet" className="-ml-2 mt-1" onClick={browse}>
            Browse folders
          </Button>
          {browsing && (
            <Suspense>
              <FolderBrowser
                start={draft.folder}
                onPick={(path) => change("folder", path)}
                onClose={() => setBrowsing(false)}
              />
            </Suspense>
          )}
        </div>
        <details className="group" open={form.advanced || undefined}>
          <summary className="-mx-2 w-fit rounded-md px-2 py-1 text-ink-2 text-sm hover:bg-hover hover:text-ink">
            <ChevronRight
              aria-hidden="true"
              className="-ml-1 mr-1 inline size-3.5 text-ink-3 transition-transform group-open:rotate-90"
            />
            Commands and budget <span className="text-ink-3">optional</span>
          </summary>
          <div className="mt-4 grid gap-5 sm:grid-cols-2">
            <TextField
              label="Build command"
              placeholder="npm run build"
              hint="Left empty, Aura finds it."
              className="font-mono text-sm"
              {...text("build")}
            />
            <TextField
              label="Test command"
              placeholder="npm test"
              hint="Left empty, Aura finds it."
              className="font-mono text-sm"
              {...text("test")}
            />
            <TextField
              label="Budget in USD"
              inputMode="decimal"
              placeholder="No limit"
              hint="The run pauses when it is reached."
              {...text("budget")}
            />
          </div>
        </details>
        {needsKey && (
          <TextField
            label="API key"
            type="password"
            hint="Of Anthropic; it is kept on this machine. Another provider is chosen in Settings. Without a key the project can be created, not built."
            className="font-mono text-sm"
            value={form.key}
            error={form.keyProblem}
            onChange={(event) => form.setKey(event.target.value)}
          />
        )}
        {form.problem && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-sm">
            {form.problem}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
          <Button
            submit
            tone="primary"
            busy={form.busy}
            disabled={needsKey && form.key.trim() === ""}
            icon={<Hammer aria-hidden="true" className="size-3.5" />}
          >
            Build it
          </Button>
          <Button busy={form.busy} onClick={() => void form.create()}>
            Create project
          </Button>
          <PlanFirst checked={form.isPlanFirst} onChange={form.setPlanFirst} />
        </div>
        <p className="-mt-3 text-pretty text-ink-3 text-sm">
          <em className="text-ink-2 not-italic">Build it</em> writes the specs and the tasks
          {form.isPlanFirst ? " and shows you what they will cost" : " and works them to the end"}.{" "}
          <em className="text-ink-2 not-italic">Create project</em> sends nothing to the model yet.
        </p>
      </form>
    </div>
  )
}

function useNewProject() {
  const [draft, setDraft] = useState(() => parseDraft(sessionStorage.getItem(draftKey)))
  const [problems, setProblems] = useState<Problems>({})
  const [problem, setProblem] = useState<string>()
  const [key, setKey] = useState("")
  const [keyProblem, setKeyProblem] = useState<string>()
  const [isPlanFirst, setPlanFirst] = usePlanFirst()
  const create = useCommand("createProject", true)
  const start = useCommand("build")
  const saveKey = useCommand("setApiKey", true)
  const queries = useQueryClient()
  const navigate = useNavigate()

  useEffect(() => {
    if (draft === emptyDraft) sessionStorage.removeItem(draftKey)
    else sessionStorage.setItem(draftKey, JSON.stringify(draft))
  }, [draft])

  const dropped = useDropped(({ text }) => text)
  useEffect(() => {
    if (dropped === undefined) return
    takeDocument()
    setDraft((now) => ({ ...now, requirements: dropped, ...nameFrom(now, "requirements", dropped) }))
  }, [dropped])

  function change(field: Field, value: string): void {
    setDraft((now) => ({ ...now, [field]: value, ...nameFrom(now, field, value) }))
    setProblems((now) => Object.fromEntries(Object.entries(now).filter(([name]) => name !== field)))
    setProblem(undefined)
  }

  /** @returns the project, or undefined when something is to be mended first */
  async function store(): Promise<Project | undefined> {
    if (create.isPending) return undefined
    const found = findProblems(draft)
    setProblems(found)
    if (Object.keys(found).length > 0) return undefined
    try {
      const project = await create.mutateAsync({ body: toBody(draft) })
      addMissing(queries, "projects", project)
      sessionStorage.removeItem(draftKey)
      return project
    } catch (thrown) {
      const field = fieldOf(toMessage(thrown), thrown instanceof AuraError ? thrown.details : undefined)
      if (field) setProblems({ [field]: toMessage(thrown) })
      else setProblem(toMessage(thrown))
      return undefined
    }
  }

  async function createOnly(): Promise<void> {
    const project = await store()
    if (project)
      await navigate({ to: "/projects/$projectId/requirements", params: { projectId: project.id } })
  }

  async function build(): Promise<void> {
    if (key.trim() !== "" && Object.keys(findProblems(draft)).length === 0) {
      try {
        const { status } = await saveKey.mutateAsync({ query: {}, body: { key: key.trim() } })
        await queries.invalidateQueries({ queryKey: settingsKey })
        if (status === "invalid")
          return setKeyProblem("The provider rejects this key. Check it and try again.")
      } catch (thrown) {
        return setKeyProblem(toMessage(thrown))
      }
    }
    const project = await store()
    if (!project) return
    const params = { projectId: project.id }
    try {
      await start.mutateAsync({ params: { p: project.id }, body: { upTo: isPlanFirst ? "plan" : "all" } })
      await navigate({ to: "/projects/$projectId/run", params })
    } catch {
      // The project is there, and the notice says what was in the way.
      await navigate({ to: "/projects/$projectId/requirements", params })
    }
  }

  const advanced = Boolean(draft.build || draft.test || draft.budget || problems.budget)
  return {
    draft,
    problems,
    problem,
    change,
    create: createOnly,
    build,
    key,
    setKey(text: string) {
      setKey(text)
      setKeyProblem(undefined)
    },
    keyProblem,
    isPlanFirst,
    setPlanFirst,
    advanced,
    busy: create.isPending || start.isPending || saveKey.isPending,
  }
}

/** A dropped document suggests the name, unless one was entered. */
function nameFrom(draft: Draft, field: Field, value: string): Partial<Draft> {
  if (field !== "requirements" || draft.name.trim() || value.length - draft.requirements.length < 20)
    return {}
  return { name: suggestName(value) }
}
