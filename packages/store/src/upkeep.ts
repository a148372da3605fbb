/** Work on the pages that nobody waits for, done in small steps between commits. */

/** One step; true when there is more to do. */
type Step = () => Promise<boolean>
type Task = { name: string; step: Step; done: PromiseWithResolvers<void> }

export function createUpkeep() {
  const tasks: Task[] = []

  /** Of one name only one waits at a time. Resolves when its last step is done. */
  function add(name: string, step: Step, wake: () => void = () => undefined): Promise<void> {
    const waiting = tasks.find((task) => task.name === name)
    if (waiting) return waiting.done.promise
    const done = Promise.withResolvers<void>()
    tasks.push({ name, step, done })
    wake()
    return done.promise
  }

  /** Takes a step of the first task; with `closed` it is given up. */
  async function step(closed: Error | undefined): Promise<void> {
    const task = tasks[0]
    if (!task) return
    try {
      if (closed) throw closed
      const isUnfinished = await task.step()
      tasks.splice(tasks.indexOf(task), 1)
      // The others have their turn.
      if (isUnfinished) tasks.push(task)
      else task.done.resolve()
    } catch (error) {
      tasks.splice(tasks.indexOf(task), 1)
      task.done.reject(error)
    }
  }

  return { add, step, isIdle: () => tasks.length === 0 }
}
