import type { UpdateStatus } from "@aura/core"
import { expect, it } from "vitest"
import { describeUpdate } from "./update.logic.ts"

const status: UpdateStatus = {
  state: "idle",
  channel: "stable",
  version: "0.1.0",
  newer: null,
  bytes: 0,
  size: null,
  reason: null,
  checkedAt: null,
}

it("a newer version is told with how far it has come", () => {
  expect(describeUpdate(status)).toBe("0.1.0 is the newest.")
  expect(describeUpdate({ ...status, newer: "0.2.0", reason: "Pull it." })).toBe(
    "There is version 0.2.0. Pull it.",
  )
  const coming: UpdateStatus = { ...status, state: "downloading", newer: "0.2.0", bytes: 199, size: 300 }
  expect(describeUpdate(coming)).toBe("Version 0.2.0 is being fetched: 66 %.")
  expect(describeUpdate({ ...status, state: "failed", reason: "Not signed." })).toBe("Not signed.")
})
