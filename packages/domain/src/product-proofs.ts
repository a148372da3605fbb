/** Proof of the whole product: rounds of trying it, and the tasks that are made of what fails. */
import { noUsage, ProductFailure, type ProductProof, type Project, type Task } from "@aura/core"
import { type Aura, timestamp } from "./aura.ts"
import * as heldOut from "./held-out.ts"
import { reorder } from "./tasks/life.ts"

export function isOn(project: Project): boolean {
  return project.productProof === null ? heldOut.isOn(project) : project.productProof === "on"
}

export async function list(aura: Aura, projectId: string): Promise<ProductProof[]> {
  return await aura.store.list("productProofs", { projectId })
}

/** A failure, with the task that is to fix it. */
export type Failure = ProductProof["failures"][number] & {
  title: string
  description: string
  checks: string[]
}

type NewProof = Omit<ProductProof, "id" | "at" | "failures"> & { failures: readonly Failure[] }

/** Stores a round; failures become tasks, and the session ends, in one commit. */
export async function store(aura: Aura, { failures, ...proof }: NewProof): Promise<ProductProof> {
  const id = aura.newId("productProof")
  let stored: ProductProof = { ...proof, id, failures: [], at: timestamp(aura) }
  await aura.store.commit(proof.outcome === "failed" ? "product.failed" : "product.proven", async (read) => {
    const { projectId } = proof
    const all = (await read.list("tasks", { projectId })).toSorted((a, b) => a.order - b.order)
    const session = proof.sessionId ? await read.get("sessions", proof.sessionId) : undefined
    const made = failures.flatMap((failure, i) => toTask(aura, failure, all, i))
    const rows = failures.map((failure, i) => ({
      ...ProductFailure.parse(failure),
      taskId: made[i]?.id ?? null,
    }))
    stored = { ...stored, failures: rows }
    const ended =
      session?.status === "active"
        ? [{ ...session, status: "completed", finishedAt: timestamp(aura) } as const]
        : []
    return {
      projectId,
      rows: {
        productProofs: [stored],
        tasks: made.length > 0 ? reorder([...all, ...made]) : [],
        sessions: ended,
      },
    }
  })
  return stored
}

function toTask(aura: Aura, failure: Failure, all: readonly Task[], i: number): Task[] {
  const parent =
    all.findLast(({ requirementIds }) => requirementIds.includes(failure.requirementId)) ?? all.at(-1)
  if (!parent) return []
  return [
    {
      id: aura.newId("task"),
      projectId: parent.projectId,
      specId: parent.specId,
      title: failure.title,
      description: failure.description,
      status: "ready",
      order: all.length + i + 1,
      dependsOn: [parent.id],
      parentTaskId: parent.id,
      requirementIds: [failure.requirementId],
      checks: failure.checks,
      attempts: 0,
      lessons: [],
      filesChanged: [],
      usage: noUsage,
      createdAt: timestamp(aura),
    },
  ]
}
