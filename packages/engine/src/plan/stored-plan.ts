/** The plan as it is stored, for the chat: looked at freely, changed where that changes nothing that counts as proof. */
import { asks, type Caller, permissions, specs, tasks } from "@aura/domain"
import type { Engine } from "../engine.ts"
import { refuseAbove } from "../tools/permission.ts"
import { isNamed, type PlanSource } from "./plan-tools.ts"

/** @param caller the agent that changes it */
export function storedPlan(engine: Engine, caller: Extract<Caller, { kind: "agent" }>): PlanSource {
  const { projectId } = caller
  const { aura } = engine
  const propose = async (change: Omit<Parameters<typeof asks.propose>[1], "projectId">) =>
    (await asks.propose(aura, { ...change, projectId })) ? "proposed" : "same"
  return {
    specs: () => specs.list(aura, projectId),
    async updateSpec(name, { title, markdown }) {
      refuseAbove("update_spec", await permissions.of(aura, projectId))
      const spec = (await specs.list(aura, projectId)).find((row) => isNamed(row, name))
      if (!spec) return "missing"
      const after = { title, markdown }
      if (specs.countsAsProof(after)) return await propose({ of: "spec", id: spec.id, after })
      await specs.update(aura, caller, projectId, spec.id, after)
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
      if (tasks.countsAsProof(after)) return await propose({ of: "task", id: task.id, after })
      await tasks.update(aura, caller, projectId, task.id, after)
      return "changed"
    },
  }
}
