import { AuraError } from "@aura/core"
import { describe, expect, it } from "vitest"
import { openMemoryStore } from "./memory.ts"
import { createRetryingStore } from "./retrying.ts"
import type { Store } from "./store.ts"

/** A store that refuses its next commits with a reason. */
function failing(times: number, reason: string): Store {
  const store = openMemoryStore({ now: () => 0 })
  let left = times
  return new Proxy(store, {
    get(target, name) {
      if (name !== "commit") return Reflect.get(target, name)
      return async (...args: unknown[]) => {
        if (left-- > 0) throw new AuraError("service_unavailable", "The disk is full.", { reason })
        return await Reflect.apply(target.commit, target, args)
      }
    },
  })
}

describe("the patient store", () => {
  it("waits for room, says so once, and loses nothing", async () => {
    const told: boolean[] = []
    let waits = 0
    const store = createRetryingStore(
      failing(3, "disk_full"),
      (isFull) => told.push(isFull),
      async () => void waits++,
    )
    const event = await store.commit("settings.saved", { rows: {} })
    expect([event.seq, waits, told]).toEqual([1, 3, [true, false]])
  })

  it("passes every other failure on", async () => {
    const store = createRetryingStore(failing(1, "disk_error"), () => undefined)
    await expect(store.commit("settings.saved", { rows: {} })).rejects.toThrow("The disk is full.")
  })
})
