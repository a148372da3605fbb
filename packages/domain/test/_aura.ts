/** The rules on a store in memory, with a clock that moves one millisecond at each look. */
import { createIds, createRedactor } from "@aura/core"
import { openMemoryStore } from "@aura/store"
import type { Aura } from "../src/aura.ts"
import { createBrake } from "../src/brake.ts"
import type { Caller } from "../src/caller.ts"
import { createCodes } from "../src/codes.ts"

/** The owner, at another machine. */
export const ann = { kind: "person", name: "Ann", role: "owner", isHere: false } as const satisfies Caller

export function memoryAura(): Aura {
  let ms = Date.parse("2026-01-01T00:00:00.000Z")
  const now = () => ++ms
  return {
    store: openMemoryStore({ now }),
    now,
    newId: createIds(now, () => 0.5),
    live: () => undefined,
    signInCodes: createCodes(now, 1),
    pairingCodes: createCodes(now, 1),
    socketTickets: createCodes(now, 1),
    loginBrake: createBrake(now),
    redactor: createRedactor(),
    keychain: null,
    keys: { signing: new Uint8Array(32), sealing: new Uint8Array(32), installId: "i" },
    config: {
      dataDir: "/data",
      version: "0",
      publicUrl: "",
      lanUrl: null,
      lanSecure: null,
      model: "m",
      fastModel: "m",
      fallbackModel: null,
      rotateAt: 0.5,
      effort: null,
      models: {},
      contextWindow: null,
      modelBaseUrl: null,
      sandbox: { kind: "bubblewrap", reason: null },
      apiKey: null,
    },
  }
}
