/** Opens a place by its kind. A new kind is one more case here, and passes `test/place.ts`. */
import { AuraError, type InstanceWorkspace } from "@aura/core"
import { type LocalPlaceOptions, openLocalPlace } from "./local/place.ts"
import { type MemoryPlaceOptions, openMemoryPlace } from "./memory/memory-place.ts"
import type { Place } from "./place.ts"
import { openProcessPlace, type ProcessPlaceOptions } from "./process/process-place.ts"

/** Where a place is, and what it takes to open it. */
export type PlaceAddress =
  | ({ kind: "local" } & LocalPlaceOptions)
  | ({ kind: "memory" } & MemoryPlaceOptions)
  | ({ kind: "process" } & ProcessPlaceOptions)
  | Exclude<InstanceWorkspace, { kind: "local" }>

/** @throws AuraError `service_unavailable` for a kind that this version cannot open */
export function openPlace(address: PlaceAddress): Place {
  switch (address.kind) {
    case "local":
      return openLocalPlace(address)
    case "memory":
      return openMemoryPlace(address)
    case "process":
      return openProcessPlace(address)
    case "worktree":
    case "remote":
      throw new AuraError(
        "service_unavailable",
        `A ${address.kind} workspace cannot be opened by this version. Give the agent a local folder.`,
      )
  }
}
