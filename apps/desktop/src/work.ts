/** What Aura works on right now: loops and plans, kept true by its events. */
import { type Client, Loop, Plan } from "@aura/core"
import { z } from "zod"
import { followStream } from "./follow-stream.ts"

export type Work = {
  /** Projects that are worked on. */
  projects(): string[]
  stop(): void
}

type Row = Pick<Loop | Plan, "id" | "projectId" | "status">

/** What matters here of a stored event; live ones have no rows. */
const Event = z.object({
  rows: z.object({ loops: z.array(Loop).default([]), plans: z.array(Plan).default([]) }),
  removed: z
    .object({ loops: z.array(z.string()).default([]), plans: z.array(z.string()).default([]) })
    .default({ loops: [], plans: [] }),
})

/** @param onChange called whenever work begins or ends */
export function followWork(client: Client, onChange: (projects: string[]) => void): Work {
  let going = new Map<string, string>()
  let last = ""
  const list = () => [...new Set(going.values())].toSorted()
  const note = (row: Row) => {
    if (isGoing(row)) going.set(row.id, row.projectId)
    else going.delete(row.id)
  }
  const tell = () => {
    const now = list()
    if (now.join() === last) return
    last = now.join()
    onChange(now)
  }
  const readAll = async () => {
    const { items } = await client.call("listProjects", { query: { limit: 1000 } })
    const found = items.map(async ({ id: p }) => {
      const [loop, plans] = await Promise.all([
        client.call("getLoop", { params: { p } }),
        client.call("listPlans", { params: { p } }),
      ])
      return [...loop.loops, ...plans.items]
    })
    const rows: Row[] = (await Promise.all(found)).flat()
    going = new Map()
    for (const row of rows) note(row)
    tell()
  }
  const stop = followStream(
    client,
    "streamEvents",
    (value) => {
      const event = Event.safeParse(value).data
      if (!event) return
      for (const row of [...event.rows.loops, ...event.rows.plans]) note(row)
      for (const id of [...event.removed.loops, ...event.removed.plans]) going.delete(id)
      tell()
    },
    () => void readAll().catch(() => undefined),
  )
  return { projects: list, stop }
}

function isGoing({ status }: Row): boolean {
  return status === "running" || status === "pausing" || status === "stopping"
}
