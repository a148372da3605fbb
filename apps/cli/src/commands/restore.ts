/** aura restore: the folder of a project as it was before a task or a command, listed, looked at and gone back to. */
import { createInterface } from "node:readline/promises"
import { AuraError, type Client, type Snapshot, type SnapshotPreview } from "@aura/core"
import { currentEnv, openServer } from "@aura/server"
import { readArguments } from "../arguments.ts"
import { exitCode, UsageError } from "../exit.ts"

export const usage = "aura restore PROJECT [SNAPSHOT] [--yes]"

const signs = { brought_back: "+", changed: "~", removed: "-" } as const
const maxListed = 40

/** Lists without SNAPSHOT; with one (its id, or its number in the list) shows what would change, asks, and goes back. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { yes: { type: "boolean" } }, 2, usage)
  const [project, wanted] = positionals
  if (project === undefined) throw new UsageError(`A project is missing. Usage: ${usage}`)
  const server = await openServer(currentEnv(), { isLooking: true })
  try {
    const p = await findProject(server.client, project)
    const snapshots = await listAll(server.client, p)
    if (wanted === undefined) {
      process.stdout.write(snapshots.length === 0 ? "There are no snapshots yet.\n" : toList(snapshots))
      return exitCode.done
    }
    const snapshot = pick(snapshots, wanted)
    const params = { p, id: snapshot.id }
    const preview = await server.client.call("previewSnapshot", { params })
    process.stdout.write(toText(snapshot, preview))
    if (preview.total === 0) return exitCode.done
    if (!values.yes && !(await agrees())) {
      process.stdout.write("Nothing was changed.\n")
      return exitCode.done
    }
    const { changed, before } = await server.client.call("restoreSnapshot", { params })
    process.stdout.write(
      `The folder is as it was: ${changed} changed. How it was until now: aura restore ${project} ${before.id}\n`,
    )
    return exitCode.done
  } finally {
    await server.close()
  }
}

async function findProject(client: Client, wanted: string): Promise<string> {
  const { items } = await client.call("listProjects", { query: {} })
  const found = items.filter((project) => project.id === wanted || project.name === wanted)
  const [first] = found
  if (!first) throw new UsageError(`There is no project "${wanted}". aura status lists them.`)
  if (found.length > 1)
    throw new UsageError(
      `${found.length} projects are called "${wanted}". Give the id: aura status lists them.`,
    )
  return first.id
}

/** Newest first. */
async function listAll(client: Client, p: string): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = []
  let cursor: string | undefined
  do {
    const page = await client.call("listSnapshots", { params: { p }, query: cursor ? { cursor } : {} })
    snapshots.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor)
  return snapshots.toReversed()
}

function pick(snapshots: readonly Snapshot[], wanted: string): Snapshot {
  const snapshot = snapshots.find((one) => one.id === wanted) ?? snapshots[Number(wanted) - 1]
  if (snapshot) return snapshot
  throw new UsageError(`There is no snapshot "${wanted}". Without one, aura restore lists them.`)
}

function toList(snapshots: readonly Snapshot[]): string {
  return snapshots
    .map(({ at, files, bytes, why }, i) => {
      const when = new Date(at).toLocaleString("sv")
      return `${String(i + 1).padStart(3)}  ${when}  ${String(files).padStart(6)} files ${size(bytes).padStart(9)}  ${why}\n`
    })
    .join("")
}

function toText({ at, why, leftOut }: Snapshot, { total, changes }: SnapshotPreview): string {
  const lines = changes
    .slice(0, maxListed)
    .map(({ op, path }) => `  ${signs[op]} ${JSON.stringify(path).slice(1, -1)}`)
  const more = total > lines.length ? [`  … and ${total - lines.length} more`] : []
  const left = leftOut.slice(0, 5).map(({ path, why: reason }) => `  (not kept: ${path}: ${reason})`)
  const head = `${why}, ${new Date(at).toLocaleString("sv")}`
  if (total === 0) return `${head}\nThe folder is just as it was then.\n`
  return `${[head, "+ comes back, ~ changes, - is removed:", ...lines, ...more, ...left].join("\n")}\n`
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

async function agrees(): Promise<boolean> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) throw new AuraError("bad_request", "Nobody can be asked here; say --yes to go back.")
  const reader = createInterface({ input: stdin, output: stderr })
  try {
    return /^y(es)?$/i.test((await reader.question("Go back to this? [y/N] ")).trim())
  } finally {
    reader.close()
  }
}
