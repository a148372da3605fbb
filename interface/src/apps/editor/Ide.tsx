/** The editor window: the files of a project's folder, looked at, edited, and followed while the agent works in them. */
import { getRouteApi, Link } from "@tanstack/react-router"
import { lazy, Suspense } from "react"
import { useLogin } from "../../api/login.ts"
import { useProject, useProjects } from "../../api/queries/projects.ts"
import { NotFound } from "../../components/NotFound.tsx"
import { Empty, Loading, Problem } from "../../components/Placeholder.tsx"
import { OwnWindow } from "../../parts/window/OwnWindow.tsx"
import { Workbench } from "./Workbench.tsx"

const SignIn = lazy(() => import("../../parts/login/SignIn.tsx"))
const address = getRouteApi("/ide")

export default function Ide() {
  const signedIn = useLogin((login) => login.token !== undefined && !login.exchanging)
  const { project } = address.useSearch()
  if (!signedIn)
    return (
      <Suspense>
        <SignIn />
      </Suspense>
    )
  return (
    <main className="flex h-dvh flex-col bg-surface">
      {project === undefined ? <Choose /> : <Opened key={project} projectId={project} />}
      <OwnWindow />
    </main>
  )
}

function Opened({ projectId }: { projectId: string }) {
  const project = useProject(projectId)
  if (project.isError) return <Problem error={project.error} onRetry={() => void project.refetch()} />
  if (project.data === undefined) return <Loading />
  if (project.data === null) return <NotFound />
  return <Workbench project={project.data} />
}

function Choose() {
  const projects = useProjects()
  if (projects.isError) return <Problem error={projects.error} onRetry={() => void projects.refetch()} />
  if (!projects.data) return <Loading />
  return (
    <Empty heading="h1" title="Which project's files?">
      {projects.data.length === 0 ? (
        "There is no project yet."
      ) : (
        <ul className="mt-2 flex flex-col gap-1">
          {projects.data.map(({ id, name }) => (
            <li key={id}>
              <Link to="/ide" search={{ project: id }} className="text-accent underline underline-offset-4">
                {name}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Empty>
  )
}
