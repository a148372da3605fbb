/**
 * A program that compacts the event log and is killed by the system before or after one of its writes.
 * Arguments: the folder of the database, up to which event, and how many writes it may make.
 */
import { upcasters } from "@aura/core"
import { createStore } from "../src/commit.ts"
import { inspect } from "../src/damage.ts"
import { openRocksPages } from "../src/rocks-pages.ts"
import { createVersions } from "../src/versions.ts"

const [path = "", upTo = "", most = ""] = process.argv.slice(2)
const pages = await openRocksPages(path, { readOnly: false })
const { head, seal } = await inspect(pages)
let left = Number(most)

const store = createStore(
  {
    ...pages,
    async write(batch) {
      if (left-- === 0) process.kill(process.pid, "SIGKILL")
      await pages.write(batch)
    },
  },
  { now: Date.now, head, seal, versions: createVersions(upcasters) },
)
await store.compact(Number(upTo))
await store.close()
