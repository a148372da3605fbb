/** What two agents of one project must not do at the same time, such as writing its held-out checks. */
import type { Engine } from "./engine.ts"

const waiting = new WeakMap<Engine, Map<string, Promise<unknown>>>()

export async function inTurn<T>(engine: Engine, projectId: string, act: () => Promise<T>): Promise<T> {
  const turns = waiting.get(engine) ?? new Map<string, Promise<unknown>>()
  waiting.set(engine, turns)
  const before = turns.get(projectId) ?? Promise.resolve()
  const mine = before.then(act, act)
  turns.set(projectId, mine)
  return await mine.finally(() => {
    if (turns.get(projectId) === mine) turns.delete(projectId)
  })
}
