import { type AuraEvent, AuraEventSchema } from "@aura/core"
import { expect, test } from "vitest"
import { z } from "zod"
import { toShared } from "./feed.ts"

/** As the store gives it: the type of an event of a newer Aura is not known here. */
const Stored = z.custom<AuraEvent>((value) => AuraEventSchema.safeParse(value).success)

test("an event of a newer Aura is passed on with its fields and tables, but for those it calls private", () => {
  const event = Stored.parse({
    seq: 7,
    at: "2026-01-01T00:00:00.000Z",
    type: "fleet.joined",
    host: "far away",
    rows: { specs: [{ id: "spec_1", colour: "red" }], machines: [{ id: "mac_1" }], vaults: [{ id: "v_1" }] },
    removed: { machines: ["mac_2"], vaults: ["v_2"], secrets: ["s_1"] },
    private: ["vaults"],
  })
  expect(toShared(event)).toEqual({
    seq: 7,
    at: "2026-01-01T00:00:00.000Z",
    type: "fleet.joined",
    host: "far away",
    rows: { specs: [{ id: "spec_1", colour: "red" }], machines: [{ id: "mac_1" }] },
    removed: { machines: ["mac_2"] },
  })
})

test("rows of this Aura's private tables stay in, whatever the event says", () => {
  const event = Stored.parse({
    seq: 1,
    at: "2026-01-01T00:00:00.000Z",
    type: "user.saved",
    rows: { users: [{ id: "user_1", passwordHash: "x" }] },
  })
  expect(toShared(event).rows).toEqual({})
})
