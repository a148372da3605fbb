/** Whether a clone holds what a certificate, or the messages of its commits alone, say was proven. */
import { mkdtemp, realpath, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { AuraError, type Certificate } from "@aura/core"
import { certificates } from "@aura/domain"
import {
  createCustody,
  type Git,
  type LoggedCommit,
  openPlace,
  type Place,
  type Sandbox,
} from "@aura/workspace"
import { checkMinutes } from "../tools/run-command.ts"
import { isLook } from "./product/report.ts"

export type CloneVerdict = {
  /** Commits that carry a proof. */
  proofs: number
  problems: string[]
  notes: string[]
  /** Checks that were run again. */
  ran: { command: string; exitCode: number | null }[]
}

export type VerifyClone = {
  dir: string
  /** Without one, what the messages of the commits say counts. */
  certificate?: Certificate | undefined
  /** Runs the checks again, in this sandbox. */
  run?: { sandbox: Sandbox; onStart(command: string): void } | undefined
}

/** A proof and the commit that holds it. */
type Located = { title: string; taskId: string; files: readonly string[]; commands: Command[]; sha: string }
type Command = { command: string; isBuild: boolean }

/** @throws AuraError `bad_request` when the folder is no repository, `service_unavailable` without a sandbox to run in */
export async function verifyClone(of: VerifyClone): Promise<CloneVerdict> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "aura-verify-")))
  const { sandbox = noCommands } = of.run ?? {}
  const custody = createCustody({ sandbox, dataDir: home })
  const machine = { dataDir: home, custody, sandbox }
  try {
    const place = openPlace({ kind: "local", path: await realpath(of.dir), machine })
    const git = await place.findGit()
    if (!git)
      throw new AuraError("bad_request", `${of.dir} is no git repository. Give a clone with --in DIR.`)
    const commits = await git.log()
    const { located, problems } = of.certificate ? locate(of.certificate, commits) : readProofs(commits)
    const whole = of.certificate ? checkRounds(of.certificate, commits) : { problems: [], notes: [] }
    const verdict: CloneVerdict = {
      proofs: located.length,
      problems: [...problems, ...whole.problems, ...findUnprovenChanges(located, commits)],
      notes: [...whole.notes, ...(await findNotes(git))],
      ran: [],
    }
    const shown = of.certificate ? findShown(of.certificate, commits) : []
    return of.run ? await runAgain({ place, git }, [...located, ...shown], verdict, of.run.onStart) : verdict
  } finally {
    custody.close()
    await rm(home, { recursive: true, force: true })
  }
}

/** A clone that is only looked at. */
const noCommands: Sandbox = { kind: "missing", reason: "This folder was opened without commands." }

function locate(
  certificate: Certificate,
  commits: readonly LoggedCommit[],
): { located: Located[]; problems: string[] } {
  const problems: string[] = []
  const located: Located[] = []
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]))
  const done = new Map(certificate.tasks.map((task) => [task.id, task]))
  for (const { facts, digest, title, files, commit: sha, superseded } of certificates.proofsIn(certificate)) {
    const task = done.get(facts.taskId)
    if (superseded || task?.status !== "done") continue
    const proof = `${facts.taskId} ${facts.at}`
    const commit = (sha === null ? undefined : bySha.get(sha)) ?? commits.find((one) => one.proof === proof)
    if (!commit) {
      problems.push(`The commit of "${title}"${sha ? ` (${sha.slice(0, 10)})` : ""} is not on this branch.`)
      continue
    }
    const short = commit.sha.slice(0, 10)
    if (commit.tree !== facts.treeHash)
      problems.push(`Commit ${short} of "${title}" holds other files than those that were proven.`)
    if (commit.proof !== proof || commit.taskId !== facts.taskId)
      problems.push(
        `Commit ${short} does not say that it proves "${title}" (trailers Aura-Task and Aura-Proof).`,
      )
    const hasTrailer = facts.environment !== null || commit.evidence !== ""
    if (hasTrailer && commit.evidence !== `sha256:${digest}`)
      problems.push(
        `The evidence of "${title}" is not the one that commit ${short} was made with (trailer Aura-Evidence).`,
      )
    const commands = facts.checks
      .filter(({ failedBefore }) => failedBefore !== true)
      .map(({ command, source }) => ({ command, isBuild: source === "build" }))
    located.push({ title, taskId: facts.taskId, files, commands, sha: commit.sha })
  }
  return { located, problems }
}

/** Where the whole product was proven last has to be on this branch; the last round of all says how it stands. */
function checkRounds(
  certificate: Certificate,
  commits: readonly LoggedCommit[],
): Pick<CloneVerdict, "problems" | "notes"> {
  const rounds = certificates.roundsIn(certificate)
  const last = rounds.at(-1)
  const proven = rounds.findLast(({ outcome }) => outcome === "proven")
  const at = commits.findLastIndex(({ tree }) => tree === proven?.treeHash)
  const later = commits.length - 1 - at
  return {
    problems:
      proven && at === -1
        ? [
            `The whole product was proven on tree ${proven.treeHash.slice(0, 10)}, which no commit of this branch holds.`,
          ]
        : [],
    notes: [
      ...(last?.outcome === "failed" ? ["The whole product failed when it was tried last."] : []),
      ...(last?.outcome === "skipped" ? [`The whole product was not tried. ${last.why ?? ""}`.trim()] : []),
      ...(proven && at !== -1 && later > 0
        ? [
            `Since the whole product was proven, ${later} more ${later === 1 ? "commit was" : "commits were"} made.`,
          ]
        : []),
    ],
  }
}

/** What showed that each requirement holds when the whole product was tried last. */
function findShown(certificate: Certificate, commits: readonly LoggedCommit[]): Located[] {
  const last = certificates.roundsIn(certificate).findLast(({ outcome }) => outcome === "proven")
  const commit = commits.findLast(({ tree }) => tree === last?.treeHash)
  if (!last || !commit) return []
  const commands = last.proven.filter(({ how }) => !isLook(how))
  return commands.map(({ requirementId, how }) => ({
    title: `${requirementId} in the whole product`,
    taskId: `product ${requirementId}`,
    files: [],
    commands: [{ command: how, isBuild: false }],
    sha: commit.sha,
  }))
}

function readProofs(commits: readonly LoggedCommit[]): { located: Located[]; problems: string[] } {
  const problems: string[] = []
  const located = commits.flatMap((commit): Located[] => {
    if (commit.proof === "") return []
    const [taskId = "", at = ""] = commit.proof.split(" ")
    const short = commit.sha.slice(0, 10)
    if (taskId !== commit.taskId || Number.isNaN(Date.parse(at)))
      problems.push(`Commit ${short} (${commit.subject}) has trailers of Aura's that contradict each other.`)
    return [
      {
        title: commit.subject,
        taskId,
        files: commit.files,
        commands: readCommands(commit.body),
        sha: commit.sha,
      },
    ]
  })
  if (located.length === 0) problems.push("No commit of this branch carries a proof of Aura's.")
  return { located, problems }
}

/** As the message of a task's commit lists them. */
function readCommands(body: string): Command[] {
  const [, list = ""] = /^Checks that passed:\n((?:- .*\n)+)/m.exec(`${body}\n`) ?? []
  return list
    .split("\n")
    .filter((line) => line.startsWith("- "))
    .map((line) => line.slice(2))
    .map((text) => ({ command: text.startsWith('"') ? readQuoted(text) : text, isBuild: false }))
}

function readQuoted(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "string" ? value : text
  } catch {
    return text
  }
}

/** Commits that no proof is about and that changed what an earlier proof is about. */
function findUnprovenChanges(located: readonly Located[], commits: readonly LoggedCommit[]): string[] {
  const byCommit = new Map(located.map((one) => [one.sha, one]))
  const provenBy = new Map<string, string>()
  return commits.flatMap((commit) => {
    const own = byCommit.get(commit.sha)
    if (own) {
      for (const file of own.files) provenBy.set(file, own.title)
      return []
    }
    const changed = commit.files.filter((file) => provenBy.has(file))
    return changed.map(
      (file) =>
        `${file}, proven by "${provenBy.get(file)}", was changed by commit ${commit.sha.slice(0, 10)} (${commit.subject}), which no proof is about.`,
    )
  })
}

async function findNotes(git: Git): Promise<string[]> {
  const isClean = (await git.snapshot()) === (await git.headTree())
  return isClean ? [] : ["The folder has uncommitted changes; what is verified are its commits."]
}

/** What proved the tasks, on a clean checkout of the branch as it is; build commands first. */
async function runAgain(
  { place, git }: { place: Place; git: Git },
  located: readonly Located[],
  verdict: CloneVerdict,
  onStart: (command: string) => void,
): Promise<CloneVerdict> {
  const newest = new Map(located.map((one) => [one.taskId, one.commands]))
  const all = [...newest.values()].flat().toSorted((a, b) => Number(b.isBuild) - Number(a.isBuild))
  const commands = all.filter(({ command }, i) => all.findIndex((other) => other.command === command) === i)
  const checkout = await place.checkout()
  const ran: CloneVerdict["ran"] = []
  try {
    const tree = await git.headTree()
    let isBuilt = false
    for (const { command, isBuild } of commands) {
      if (isBuilt) await checkout.goBack()
      else await checkout.reset(tree)
      onStart(command)
      const signal = new AbortController().signal
      const { exitCode } = await checkout.run(command, {
        timeoutMs: checkMinutes * 60_000,
        signal,
        by: "check",
      })
      ran.push({ command, exitCode })
      if (isBuild && exitCode === 0) {
        await checkout.keep()
        isBuilt = true
      }
    }
  } finally {
    await checkout.remove()
  }
  const failed = ran
    .filter(({ exitCode }) => exitCode !== 0)
    .map(
      ({ command, exitCode }) =>
        `${command} ends with ${exitCode === null ? "a signal or its time limit" : `exit code ${exitCode}`} on a clean checkout.`,
    )
  return { ...verdict, ran, problems: [...verdict.problems, ...failed] }
}
