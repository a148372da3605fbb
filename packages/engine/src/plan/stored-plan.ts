/** The plan as it is stored, for the chat: looked at freely, changed where that changes nothing that counts as proof. */
import { asks, permissions, specs, tasks } from "@aura/domain"
import { findHarmless } from "@aura/workspace"
import type { Engine } from "../engine.ts"
import { refuseAbove } from "../tools/permission.ts"
import { isNamed, type PlanSource } from "../tools/plan.ts"

export function storedPlan(engine: Engine, projectId: string): PlanSource {
  const { aura } = engine
  const propose = async (change: Omit<Parameters<typeof asks.propose>[1], "projectId">) =>
    (await asks.propose(aura, { ...change, projectId })) ? "proposed" : "same"
  return {
    specs: () => specs.list(aura, projectId),
    async updateSpec(name, { title, markdown }) {
      refuseAbove("update_spec", await permissions.of(aura, projectId))
      const spec = (await specs.list(aura, projectId)).find((row) => isNamed(row, name))
      if (!spec) return "missing"
      if (markdown !== undefined)
        return await propose({ of: "spec", id: spec.id, after: { title, markdown } })
      await specs.update(aura, projectId, spec.id, { title })
      return "changed"
    },
    async tasks() {
      const all = await tasks.list(aura, projectId)
      const titles = new Map(all.map((task) => [task.id, task.title]))
      return all.map((task) => ({
        ...task,
        spec: task.specId,
        dependsOn: task.dependsOn.map((id) => titles.get(id) ?? id),
      }))
    },
    async updateTask(name, { title, description, depends_on, checks, requirements }) {
      refuseAbove("update_task", await permissions.of(aura, projectId))
      const all = await tasks.list(aura, projectId)
      const task = all.find((row) => isNamed(row, name))
      if (!task) return "missing"
      const dependsOn = depends_on?.map((other) => all.find((row) => isNamed(row, other))?.id ?? other)
      const after = { title, description, dependsOn, checks, requirementIds: requirements }
      const saysHarmless = findHarmless(description ?? "").size > 0
      if (checks || requirements || saysHarmless) return await propose({ of: "task", id: task.id, after })
      await tasks.update(aura, projectId, task.id, after)
      return "changed"
    },
  }
}
