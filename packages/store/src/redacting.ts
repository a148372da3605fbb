/** A store that takes secrets out of rows before they are written: what never gets in can never come out. */
import { isTable, type Rows, type Table, tables } from "@aura/core"
import type { Change, Store } from "./store.ts"
import { commitTo, withCommit } from "./with-commit.ts"

/** The same row, without what it must not hold. */
export type Clean = <R>(table: Table, row: R) => R

/** The same store; rows that clients and the model may see pass `clean` first. Private tables keep what they are for. */
export function createRedactingStore(store: Store, clean: Clean): Store {
  return withCommit(store, (type, change) =>
    commitTo(
      store,
      type,
      typeof change === "function"
        ? async (read) => {
            const decided = await change(read)
            return decided && cleanChange(decided, clean)
          }
        : cleanChange(change, clean),
    ),
  )
}

function cleanChange(change: Change, clean: Clean): Change {
  const rows: Rows = Object.fromEntries(
    Object.entries(change.rows).map(([name, list]) =>
      isTable(name) && tables[name].audience === "shared"
        ? [name, list.map((row) => clean(name, row))]
        : [name, list],
    ),
  )
  return { ...change, rows }
}
