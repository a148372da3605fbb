/** Aura's native window, if attached: requests of the server and its answers. */
import { AuraError, type Pick, type WindowOrder } from "@aura/core"

type Answer = { path: string | null; problem?: string | undefined }

export type Windows = {
  /** @returns detaches it */
  attach(send: (order: WindowOrder) => void): () => void
  /** @throws AuraError `conflict` when no window is attached */
  tell(order: Exclude<WindowOrder, { type: "pick" }>): void
  /** Resolves with the path a person chose, if any. @throws AuraError when it could not be asked */
  pick(kind: Pick, title: string): Promise<string | null>
  /** @throws AuraError `not_found` for what was never asked, or is answered */
  answer(id: string, answer: Answer): void
}

export function createWindows(newId: () => string): Windows {
  const attached: ((order: WindowOrder) => void)[] = []
  const asked = new Map<string, { to: unknown; resolve(answer: Answer): void }>()

  /** The most recently attached window. */
  const window = () => {
    const send = attached.at(-1)
    if (!send)
      throw new AuraError("conflict", "That needs Aura's own window, and none is open: npm run desktop")
    return send
  }
  return {
    attach(send) {
      attached.push(send)
      return () => {
        attached.splice(attached.indexOf(send), 1)
        for (const [id, { to, resolve }] of asked) {
          if (to !== send) continue
          asked.delete(id)
          resolve({ path: null, problem: "Aura's window was closed meanwhile." })
        }
      }
    },
    tell: (order) => window()(order),
    async pick(kind, title) {
      const send = window()
      const id = newId()
      const answered = new Promise<Answer>((resolve) => asked.set(id, { to: send, resolve }))
      send({ type: "pick", id, kind, title })
      const { path, problem } = await answered
      if (problem !== undefined) throw new AuraError("service_unavailable", problem)
      return path
    },
    answer(id, answer) {
      const waiting = asked.get(id)
      if (!waiting) throw new AuraError("not_found", "Nothing waits for that answer.")
      asked.delete(id)
      waiting.resolve(answer)
    },
  }
}
