/** Every address of the interface. What is chosen on screen is in the address, so that it can be linked. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from "@tanstack/react-router"
import { parseIdeSearch } from "./apps/editor/ide.logic.ts"
import { parseLogSearch } from "./apps/log/log.logic.ts"
import { parseRunView } from "./apps/run/run-view.logic.ts"
import { NotFound } from "./components/NotFound.tsx"
import { Problem } from "./components/Placeholder.tsx"
import { parseProofSearch } from "./parts/proof/proof.logic.ts"
import { parseTaskSearch } from "./parts/task/tasks.logic.ts"
import { OwnWindow } from "./parts/window/OwnWindow.tsx"
import { Shell } from "./views/shell/Shell.tsx"

const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <OwnWindow />
    </>
  ),
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: lazyRouteComponent(() => import("./parts/login/SignIn.tsx")),
})

/** A window of its own, apart from the shell. */
const ide = createRoute({
  getParentRoute: () => root,
  path: "/ide",
  validateSearch: parseIdeSearch,
  component: lazyRouteComponent(() => import("./apps/editor/Ide.tsx")),
})

const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Shell })

const projects = lazyRouteComponent(() => import("./apps/projects/Projects.tsx"))

const home = createRoute({ getParentRoute: () => shell, path: "/", component: projects })

const list = createRoute({ getParentRoute: () => shell, path: "/projects", component: projects })

const newProject = createRoute({
  getParentRoute: () => shell,
  path: "/projects/new",
  component: lazyRouteComponent(() => import("./apps/projects/NewProject.tsx")),
})

const usage = createRoute({
  getParentRoute: () => shell,
  path: "/usage",
  component: lazyRouteComponent(() => import("./apps/usage/Usage.tsx")),
})

const log = createRoute({
  getParentRoute: () => shell,
  path: "/log",
  validateSearch: parseLogSearch,
  component: lazyRouteComponent(() => import("./apps/log/Log.tsx")),
})

const design = createRoute({
  getParentRoute: () => shell,
  path: "/design",
  component: lazyRouteComponent(() => import("./apps/design/Design.tsx")),
})

const inbox = createRoute({
  getParentRoute: () => shell,
  path: "/inbox",
  component: lazyRouteComponent(() => import("./apps/inbox/Inbox.tsx")),
})

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("./apps/settings/Settings.tsx")),
})

const project = createRoute({
  getParentRoute: () => shell,
  path: "/projects/$projectId",
  component: lazyRouteComponent(() => import("./apps/projects/ProjectLayout.tsx")),
})

const projectHome = createRoute({
  getParentRoute: () => project,
  path: "/",
  component: lazyRouteComponent(() => import("./apps/projects/ProjectHome.tsx")),
})

const requirements = createRoute({
  getParentRoute: () => project,
  path: "/requirements",
  validateSearch: (search: Record<string, unknown>): { r?: string } =>
    typeof search.r === "string" ? { r: search.r } : {},
  component: lazyRouteComponent(() => import("./apps/projects/Requirements.tsx")),
})

const specs = createRoute({
  getParentRoute: () => project,
  path: "/specs",
  component: lazyRouteComponent(() => import("./apps/specs/Specs.tsx")),
})

const spec = createRoute({
  getParentRoute: () => project,
  path: "/specs/$specId",
  validateSearch: (search: Record<string, unknown>): { view?: "split" } =>
    search.view === "split" ? { view: "split" } : {},
  component: lazyRouteComponent(() => import("./apps/specs/SpecPage.tsx")),
})

const tasks = createRoute({
  getParentRoute: () => project,
  path: "/tasks",
  validateSearch: parseTaskSearch,
  component: lazyRouteComponent(() => import("./apps/tasks/Tasks.tsx")),
})

const task = createRoute({
  getParentRoute: () => project,
  path: "/tasks/$taskId",
  component: lazyRouteComponent(() => import("./apps/tasks/TaskPage.tsx")),
})

const run = createRoute({
  getParentRoute: () => project,
  path: "/run",
  validateSearch: parseRunView,
  component: lazyRouteComponent(() => import("./apps/run/Run.tsx")),
})

const proof = createRoute({
  getParentRoute: () => project,
  path: "/proof",
  validateSearch: parseProofSearch,
  component: lazyRouteComponent(() => import("./apps/proof/Proof.tsx")),
})

const sessions = createRoute({
  getParentRoute: () => project,
  path: "/sessions",
  component: lazyRouteComponent(() => import("./apps/sessions/Sessions.tsx")),
})

const session = createRoute({
  getParentRoute: () => project,
  path: "/sessions/$sessionId",
  validateSearch: (search: Record<string, unknown>): { entry?: string } =>
    typeof search.entry === "string" ? { entry: search.entry } : {},
  component: lazyRouteComponent(() => import("./apps/sessions/SessionPage.tsx")),
})

const history = createRoute({
  getParentRoute: () => project,
  path: "/history",
  component: lazyRouteComponent(() => import("./apps/history/History.tsx")),
})

const snapshots = createRoute({
  getParentRoute: () => project,
  path: "/snapshots",
  validateSearch: (search: Record<string, unknown>): { s?: string } =>
    typeof search.s === "string" ? { s: search.s } : {},
  component: lazyRouteComponent(() => import("./apps/snapshots/Snapshots.tsx")),
})

const terminals = lazyRouteComponent(() => import("./apps/terminal/Terminals.tsx"))

const anyTerminal = createRoute({ getParentRoute: () => project, path: "/terminal", component: terminals })

const terminal = createRoute({
  getParentRoute: () => project,
  path: "/terminal/$terminalId",
  component: terminals,
})

const watched = createRoute({
  getParentRoute: () => project,
  path: "/terminal/watch/$commandId",
  component: terminals,
})

const tree = root.addChildren([
  signIn,
  ide,
  shell.addChildren([
    home,
    list,
    newProject,
    inbox,
    usage,
    log,
    design,
    settings,
    project.addChildren([
      projectHome,
      requirements,
      specs,
      spec,
      tasks,
      task,
      run,
      proof,
      sessions,
      session,
      history,
      snapshots,
      anyTerminal,
      terminal,
      watched,
    ]),
  ]),
])

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  scrollRestoration: false,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: ({ error, reset }) => <Problem error={error} onRetry={reset} />,
})

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router
  }
}
