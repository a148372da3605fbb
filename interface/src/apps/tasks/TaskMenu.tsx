/** What can be done with a task that has not begun: edit, split, merge, remove. */
import type { Task } from "@aura/core"
import { useNavigate } from "@tanstack/react-router"
import { lazy, Suspense, useState } from "react"
import { useCommand } from "../../api/commands.ts"
import { useSpecs } from "../../api/queries/plan.ts"
import { MoreMenu } from "../../components/MoreMenu.tsx"
import { isSettled } from "../../parts/task/tasks.logic.ts"

const Confirm = lazy(() => import("../../components/Confirm.tsx"))
const TaskForm = lazy(() => import("./TaskForm.tsx"))
const ReshapeTask = lazy(() => import("./ReshapeTask.tsx"))

type Open = "edit" | "split" | "merge" | "remove" | undefined

export function TaskMenu({ task, tasks }: { task: Task; tasks: readonly Task[] }) {
  const [open, setOpen] = useState<Open>()
  const specs = useSpecs(task.projectId).data ?? []
  const remove = useCommand("removeTask")
  const navigate = useNavigate()
  if (isSettled(task)) return null
  const hasBegun = task.status === "failed" || task.status === "blocked"
  const close = () => setOpen(undefined)
  return (
    <>
      <MoreMenu
        label="More about this task"
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
      <Suspense>
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
    </>
  )
}
