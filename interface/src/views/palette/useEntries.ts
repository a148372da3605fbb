/** All that can be done or gone to from here, for the palette. */
import type { Hit } from "@aura/core"
import { useNavigate, useParams } from "@tanstack/react-router"
import { useCommand } from "../../api/commands.ts"
import { openIde } from "../../api/ide.ts"
import { useLoops } from "../../api/queries/loops.ts"
import { useSpecs } from "../../api/queries/plan.ts"
import { useProjects } from "../../api/queries/projects.ts"
import { useTasks } from "../../api/queries/tasks.ts"
import { chooseContrast, chooseTheme, useTheme } from "../../hooks/theme.ts"
import { newest } from "../../parts/project/project-state.logic.ts"
import { toControls } from "../../parts/run/run.logic.ts"
import { canRetry } from "../../parts/task/tasks.logic.ts"

export type PaletteEntry = {
  id: string
  group: "Do" | "Go to" | "Projects" | "Specs" | "Tasks" | "Found in texts"
  title: string
  /** Other words it goes by. */
  also?: string
  hint?: string
  act: () => void
}

export function useActions(onShortcuts: () => void): PaletteEntry[] {
  const navigate = useNavigate()
  const { contrast } = useTheme()
  const { projectId } = useParams({ strict: false })
  const projects = useProjects().data ?? []
  const go =
    (to: "/projects" | "/projects/new" | "/inbox" | "/usage" | "/log" | "/settings" | "/design") => () =>
      void navigate({ to })
  const pages: PaletteEntry[] = [
    { id: "new", group: "Do", title: "New project", act: go("/projects/new") },
    { id: "projects", group: "Go to", title: "Projects", act: go("/projects") },
    { id: "inbox", group: "Go to", title: "Needs you", also: "inbox attention", act: go("/inbox") },
    { id: "usage", group: "Go to", title: "Usage and cost", act: go("/usage") },
    { id: "log", group: "Go to", title: "Log", also: "history events", act: go("/log") },
    { id: "settings", group: "Go to", title: "Settings", also: "key model theme", act: go("/settings") },
    { id: "design", group: "Go to", title: "Design system", act: go("/design") },
    { id: "shortcuts", group: "Do", title: "Keyboard shortcuts", act: onShortcuts },
    { id: "light", group: "Do", title: "Light theme", also: "appearance", act: () => chooseTheme("light") },
    { id: "dark", group: "Do", title: "Dark theme", also: "appearance", act: () => chooseTheme("dark") },
    { id: "system", group: "Do", title: "Theme of the system", act: () => chooseTheme("system") },
    {
      id: "contrast",
      group: "Do",
      title: contrast === "more" ? "Usual contrast" : "High contrast",
      also: "appearance accessibility",
      act: () => chooseContrast(contrast === "more" ? "system" : "more"),
    },
  ]
  const others = projects.map(
    (project): PaletteEntry => ({
      id: project.id,
      group: "Projects",
      title: project.name,
      act: () => void navigate({ to: "/projects/$projectId", params: { projectId: project.id } }),
    }),
  )
  return [...useProjectActions(projectId), ...pages, ...others]
}

/** The commands that are currently possible in the project on screen. */
function useProjectActions(projectId: string | undefined): PaletteEntry[] {
  const navigate = useNavigate()
  const of = projectId ?? ""
  const loop = newest(useLoops(of, projectId !== undefined).data)
  const specs = useSpecs(of, projectId !== undefined).data ?? []
  const tasks = useTasks(of, projectId !== undefined).data ?? []
  const start = useCommand("startLoop")
  const pause = useCommand("pauseLoop")
  const resume = useCommand("resumeLoop")
  const stop = useCommand("stopLoop")
  const skip = useCommand("skipTask")
  const retry = useCommand("retryTask")
  if (projectId === undefined) return []
  const params = { p: projectId }
  const controls = toControls(loop)
  const places = [
    "requirements",
    "specs",
    "tasks",
    "run",
    "proof",
    "sessions",
    "history",
    "snapshots",
  ] as const
  const offered: (PaletteEntry | false)[] = [
    {
      id: "files",
      group: "Go to",
      title: "Files in the editor",
      also: "edit code folder ide",
      act: () => openIde({ project: projectId }),
    },
    {
      id: "follow",
      group: "Do",
      title: "Follow the agent in the editor",
      also: "watch files ide",
      act: () => openIde({ project: projectId, follow: "on" }),
    },
    controls.start === "offered" &&
      tasks.some((task) => task.status === "ready") && {
        id: "start",
        group: "Do",
        title: "Start loop",
        act: () => start.mutate({ params }),
      },
    controls.pause === "offered" && {
      id: "pause",
      group: "Do",
      title: "Pause",
      act: () => pause.mutate({ params }),
    },
    controls.pause === "offered" && {
      id: "pause-after",
      group: "Do",
      title: "Pause after this task",
      act: () => pause.mutate({ params, body: { after: "task" } }),
    },
    controls.pause === "offered" &&
      Boolean(loop?.taskId) && {
        id: "skip",
        group: "Do",
        title: "Skip this task",
        act: () => skip.mutate({ params }),
      },
    controls.resume === "offered" && {
      id: "resume",
      group: "Do",
      title: "Resume",
      act: () => resume.mutate({ params }),
    },
    controls.stop === "offered" && {
      id: "stop",
      group: "Do",
      title: "Stop",
      act: () => stop.mutate({ params }),
    },
  ]
  return [
    ...offered.filter((entry) => entry !== false),
    ...tasks.filter(canRetry).map(
      (task): PaletteEntry => ({
        id: `retry:${task.id}`,
        group: "Do",
        title: `Retry: ${task.title}`,
        act: () => retry.mutate({ params: { ...params, t: task.id } }),
      }),
    ),
    ...places.map(
      (place): PaletteEntry => ({
        id: place,
        group: "Go to",
        title: place[0]?.toUpperCase() + place.slice(1),
        act: () => void navigate({ to: `/projects/$projectId/${place}`, params: { projectId } }),
      }),
    ),
    ...tasks.map(
      (task): PaletteEntry => ({
        id: task.id,
        group: "Tasks",
        title: task.title,
        also: `task ${task.order} ${task.status}`,
        hint: task.status.replace("_", " "),
        act: () =>
          void navigate({ to: "/projects/$projectId/tasks/$taskId", params: { projectId, taskId: task.id } }),
      }),
    ),
    ...specs.map(
      (spec): PaletteEntry => ({
        id: spec.id,
        group: "Specs",
        title: spec.title,
        act: () =>
          void navigate({ to: "/projects/$projectId/specs/$specId", params: { projectId, specId: spec.id } }),
      }),
    ),
  ]
}

/** A hit of the server's search as an entry. */
export function useHitEntry(): (hit: Hit) => PaletteEntry {
  const navigate = useNavigate()
  return (hit) => {
    const { projectId } = hit
    const entry = {
      id: `hit:${hit.id}`,
      group: "Found in texts" as const,
      title: hit.title,
      hint: hit.excerpt,
    }
    switch (hit.kind) {
      case "project":
        return { ...entry, act: () => void navigate({ to: "/projects/$projectId", params: { projectId } }) }
      case "requirement":
        return {
          ...entry,
          act: () =>
            void navigate({
              to: "/projects/$projectId/requirements",
              params: { projectId },
              search: { r: hit.id },
            }),
        }
      case "spec":
        return {
          ...entry,
          act: () =>
            void navigate({
              to: "/projects/$projectId/specs/$specId",
              params: { projectId, specId: hit.id },
            }),
        }
      case "task":
        return {
          ...entry,
          act: () =>
            void navigate({
              to: "/projects/$projectId/tasks/$taskId",
              params: { projectId, taskId: hit.id },
            }),
        }
      case "entry":
        return {
          ...entry,
          act: () =>
            void navigate({
              to: "/projects/$projectId/sessions/$sessionId",
              params: { projectId, sessionId: hit.sessionId ?? "" },
            }),
        }
    }
  }
}
