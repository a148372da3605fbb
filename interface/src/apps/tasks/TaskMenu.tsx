/** What can be done with a task that has not begun: edit, split, merge, remove. */
import type { Task } from "@aura/core"
import { useNavigate } from "@tanstack/react-router"
import { Ellipsis } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { useSpecs } from "../../api/queries.ts"
import { IconButton } from "../../components/Button.tsx"
import { isSettled } from "./tasks.logic.ts"

const Menu = lazy(() => import("../../components/Menu.tsx"))
const Confirm = lazy(() => import("../../components/Confirm.tsx"))
const TaskForm = lazy(() => import("./TaskForm.tsx"))
const ReshapeTask = lazy(() => import("./ReshapeTask.tsx"))

type Open = "edit" | "split" | "merge" | "remove" | undefined

export function TaskMenu({ task, tasks }: { task: Task; tasks: readonly Task[] }) {
  const [used, setUsed] = useState(false)
  const [open, setOpen] = useState<Open>()
  const specs = useSpecs(task.projectId).data ?? []
  const remove = useCommand("removeTask")
  const navigate = useNavigate()
  if (isSettled(task)) return null
  const label = "More about this task"
  const hasBegun = task.status === "failed" || task.status === "blocked"
  const close = () => setOpen(undefined)
  const trigger = (
    <IconButton
      label={label}
      icon={<Ellipsis aria-hidden="true" className="size-4" />}
      onClick={() => setUsed(true)}
    />
  )
  if (!used) return trigger
  return (
    <Suspense fallback={trigger}>
      <Menu
        label={label}
        items={[
          { label: "Edit…", act: () => setOpen("edit") },
          ...(hasBegun
            ? []
            : [
                { label: "Split…", act: () => setOpen("split") },
                { label: "Merge…", act: () => setOpen("merge") },
              ]),
          { label: "Remove…", danger: true, act: () => setOpen("remove") },
        ]}
      />
      {open === "edit" && (
        <TaskForm projectId={task.projectId} specs={specs} tasks={tasks} task={task} onClose={close} />
      )}
      {(open === "split" || open === "merge") && (
        <ReshapeTask task={task} tasks={tasks} how={open} onClose={close} />
      )}
      {open === "remove" && (
        <Confirm
          danger
          title={`Remove “${task.title}”?`}
          action="Remove"
          onClose={close}
          onConfirm={() =>
            remove.mutate(
              { params: { p: task.projectId, t: task.id } },
              {
                onSuccess: () =>
                  void navigate({
                    to: "/projects/$projectId/tasks",
                    params: { projectId: task.projectId },
                    replace: true,
                  }),
              },
            )
          }
        >
          The task is taken out of the plan. Nothing in the folder changes.
        </Confirm>
      )}
    </Suspense>
  )
}
