/** One trial: a document is worked to its end in a scratch folder, and what was committed is tried in a fresh clone. */
import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import type { UpdateProject } from "@aura/core"
import { sessions } from "@aura/domain"
import { idle } from "@aura/engine"
import { connect, type Env, findSandbox, type Running, startServer } from "@aura/server"
import { createCustody, findProgram, hostEnv, openPlace } from "@aura/workspace"
import type { Case } from "./cases.ts"

export type Verdict = {
  /** What Aura said at the end. */
  outcome: string
  reason: string
  /** The acceptance check passes on a clone. */
  isMet: boolean
  /** Aura said done. */
  isClaimed: boolean
  /** What the model was told when its work was not taken. */
  refusal: string | null
  costUsd: number
  turns: number
  /** 0 to 1: of what the model read, what came from its cache. */
  cachedShare: number
}

const acceptanceMs = 60_000

/** @param env where the model is and what it may cost; its data directory is not used */
export async function tryCase(
  of: Case,
  env: Env,
  settings: Pick<UpdateProject, "budgetUsd" | "heldOut" | "productProof">,
): Promise<Verdict> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "aura-qualify-")))
  const workspacePath = join(root, "workspace")
  mkdirSync(workspacePath)
  try {
    await prepare(workspacePath, of)
    const dataDir = join(root, "data")
    const server = await startServer({ env: { ...env, dataDir, host: "127.0.0.1", port: 0 } })
    try {
      const { client } = await connect({ ...env, dataDir }, server.url, async () => undefined)
      const project = await client.call("createProject", {
        body: {
          name: of.name,
          requirements: of.document,
          workspacePath,
          ...settings,
        },
      })
      const params = { p: project.id }
      let stopped: string | null = null
      for (const step of ["generateSpecs", "extractTasks"] as const) {
        const { plan } = await client.call(step, { params })
        await idle(server.engine)
        const ended = (await client.call("listPlans", { params })).items.find(({ id }) => id === plan.id)
        if (ended?.status !== "finished") stopped = ended?.reason ?? "The plan did not come to its end."
        if (stopped) break
      }
      if (!stopped) {
        await client.call("startLoop", { params, body: {} })
        await idle(server.engine)
      }
      const { loop } = await client.call("getLoop", { params })
      const progress = await client.call("getProgress", { params })
      const turns = (await server.aura.store.list("sessions", { projectId: project.id })).reduce(
        (sum, session) => sum + session.turns,
        0,
      )
      const { input, cacheRead, cacheWrite } = progress.tokens
      const read = input + cacheRead + cacheWrite
      return {
        outcome: stopped ? "plan" : (loop?.outcome ?? "stopped"),
        reason: stopped ?? loop?.reason ?? "",
        isMet: await isMet(of, workspacePath, root),
        isClaimed: loop?.outcome === "done",
        refusal: await findRefusal(server.aura, project.id),
        costUsd: progress.costUsd,
        turns,
        cachedShare: read === 0 ? 0 : cacheRead / read,
      }
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** The last time that "done" was not taken. */
async function findRefusal(aura: Running["aura"], projectId: string): Promise<string | null> {
  const all = await aura.store.list("tasks", { projectId })
  const entries = (await Promise.all(all.map(({ id }) => sessions.entriesOfTask(aura, id)))).flat()
  const said = entries.findLast(
    (entry) => entry.kind === "tool" && entry.name === "task_done" && entry.isError,
  )
  return said?.kind === "tool" ? said.output : null
}

async function prepare(folder: string, { files = {} }: Case): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  if (Object.keys(files).length === 0) return
  await git(folder, "init", "-q", "-b", "main")
  await git(folder, "add", "-A")
  await git(
    folder,
    "-c",
    "user.name=Aura",
    "-c",
    "user.email=aura@localhost",
    "commit",
    "-q",
    "-m",
    "As found",
  )
}

/** What the model wrote is run in the sandbox, here too. */
async function isMet(of: Case, workspacePath: string, root: string): Promise<boolean> {
  const clone = join(root, "clone")
  const isCloned = await git(root, "clone", "-q", workspacePath, clone).then(
    () => true,
    () => false,
  )
  if (!isCloned) return false
  const [sandbox, dataDir] = [await findSandbox(false), join(root, "trial")]
  const custody = createCustody({ sandbox, dataDir })
  try {
    const signal = AbortSignal.timeout(acceptanceMs)
    const { exitCode } = await openPlace({
      kind: "local",
      path: clone,
      machine: { dataDir, custody, sandbox },
    }).workspace.run(of.acceptance, {
      timeoutMs: acceptanceMs,
      signal,
    })
    return exitCode === 0
  } finally {
    custody.close()
  }
}

async function git(cwd: string, ...args: string[]): Promise<void> {
  const program = findProgram("git") ?? "/usr/bin/git"
  await promisify(execFile)(program, ["-c", "core.hooksPath=/dev/null", ...args], { cwd, env: hostEnv() })
}
