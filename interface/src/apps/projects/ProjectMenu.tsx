/** What can be done with a project as a whole. */
import type { Project } from "@aura/core"
import { useNavigate } from "@tanstack/react-router"
import { lazy, Suspense, useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { isAtHome } from "../../api/window.ts"
import { MoreMenu } from "../../components/MoreMenu.tsx"

const Permissions = lazy(() => import("./Permissions.tsx"))
const ProofSettings = lazy(() => import("./ProofSettings.tsx"))
const Confirm = lazy(() => import("../../components/Confirm.tsx"))

export function ProjectMenu({ project }: { project: Project }) {
  const [asking, setAsking] = useState(false)
  const [permitting, setPermitting] = useState(false)
  const [proving, setProving] = useState(false)
  const archive = useCommand("archiveProject")
  const unarchive = useCommand("unarchiveProject")
  const remove = useCommand("removeProject")
  const edit = useCommand("openInEditor")
  const reveal = useCommand("revealPath")
  const navigate = useNavigate()
  const folder = { body: { projectId: project.id, path: "." } }
  const params = { params: { p: project.id } }
  const archived = project.status === "archived"
  return (
    <>
      <MoreMenu
        label="More about this project"
        items={[
          ...(isAtHome()
            ? [
                { label: "Open folder in editor", act: () => edit.mutate(folder) },
                { label: "Show folder in file manager", act: () => reveal.mutate(folder) },
              ]
            : []),
          {
            label: "History",
            act: () =>
              void navigate({ to: "/projects/$projectId/history", params: { projectId: project.id } }),
          },
          {
            label: "Snapshots of the folder",
            act: () =>
              void navigate({ to: "/projects/$projectId/snapshots", params: { projectId: project.id } }),
          },
          { label: "Permissions…", act: () => setPermitting(true) },
          { label: "Proof…", act: () => setProving(true) },
          archived
            ? { label: "Bring back", act: () => unarchive.mutate(params) }
            : { label: "Archive", act: () => archive.mutate(params) },
          { label: "Remove…", danger: true, act: () => setAsking(true) },
        ]}
      />
      <Suspense>
        {permitting && <Permissions project={project} onClose={() => setPermitting(false)} />}
        {proving && <ProofSettings project={project} onClose={() => setProving(false)} />}
        {asking && (
          <Confirm
            danger
            title={`Remove ${project.name}?`}
            action="Remove"
            onClose={() => setAsking(false)}
            onConfirm={() =>
              remove.mutate(params, { onSuccess: () => void navigate({ to: "/projects", replace: true }) })
            }
          >
            Aura forgets its document, specs, tasks and sessions. The folder and its commits are left alone.
          </Confirm>
        )}
      </Suspense>
    </>
  )
}
