import { AuraError } from "@aura/core"
import { describe, expect, it } from "vitest"
import { createPatience, impatient } from "./patience.ts"

const enospc = () => Object.assign(new Error("write"), { code: "ENOSPC" })
const byGit = () =>
  new AuraError("conflict", "git add failed: error: unable to write: No space left on device")
const byStore = () => new AuraError("service_unavailable", "The disk is full.", { reason: "disk_full" })

/** Fails so often, then gives its number of tries. */
function failing(times: number, failure: () => unknown): () => Promise<number> {
  let tries = 0
  return async () => {
    tries += 1
    if (tries <= times) throw failure()
    return tries
  }
}

describe("retrying while the disk is full", () => {
  it.each([
    ["a file", enospc],
    ["git", byGit],
    ["the store", byStore],
  ])("goes on for as long as %s finds none, and says when it begins and ends", async (_, failure) => {
    const said: (boolean | number)[] = []
    const patience = createPatience(
      new AbortController().signal,
      (isFull) => said.push(isFull),
      async (ms) => void said.push(ms),
    )
    expect(await patience(failing(3, failure))).toBe(4)
    expect(said).toEqual([true, 5000, 5000, 5000, false])
  })

  it("ends with the failure when Aura stops", async () => {
    const abort = new AbortController()
    const patience = createPatience(
      abort.signal,
      () => undefined,
      async () => abort.abort(),
    )
    await expect(patience(failing(9, enospc))).rejects.toMatchObject({ code: "ENOSPC" })
  })

  it("retries neither other failures nor what a person waits for", async () => {
    const patience = createPatience(new AbortController().signal, () => undefined)
    await expect(patience(failing(1, () => new Error("broken")))).rejects.toThrow("broken")
    await expect(impatient(failing(1, enospc))).rejects.toMatchObject({ code: "ENOSPC" })
  })
})
