/** Everything the app can do over HTTP: one entry per route, with the schemas that check and describe it. */
import { accountRoutes } from "./api/accounts.ts"
import { agentRoutes } from "./api/agents.ts"
import { fileRoutes } from "./api/files.ts"
import { loopRoutes } from "./api/loops.ts"
import { machineRoutes } from "./api/machine.ts"
import { planRoutes } from "./api/plan.ts"
import { projectRoutes } from "./api/projects.ts"
import { requirementRoutes } from "./api/requirements.ts"
import type { RouteDefinition } from "./api/route.ts"
import { settingsRoutes } from "./api/settings.ts"
import { taskRoutes } from "./api/tasks.ts"
import type { RouteName } from "./paths.ts"

export const api = {
  ...accountRoutes,
  ...settingsRoutes,
  ...projectRoutes,
  ...requirementRoutes,
  ...planRoutes,
  ...taskRoutes,
  ...agentRoutes,
  ...loopRoutes,
  ...fileRoutes,
  ...machineRoutes,
} satisfies Record<RouteName, RouteDefinition>

export type Api = typeof api
