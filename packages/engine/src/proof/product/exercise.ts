/** The session that uses the whole product in a fresh clone, and what it reports that Aura could see for itself. */
import type { ProductProof, Requirement } from "@aura/core"
import type { productProofs } from "@aura/domain"
import { lookAtPage, type RunResult } from "@aura/workspace"
import type { Work } from "../../attempt.ts"
import { fillPrompt } from "../../session/prompt.ts"
import { countNudges, listCalls, runSide, type SideEnd, type Taken } from "../../session/side.ts"
import { chooseModel } from "../../session/system.ts"
import { openEyes } from "../../tools/eyes.ts"
import { readTools } from "../../tools/files.ts"
import { pageTools } from "../../tools/look-at-page.ts"
import { runCommand } from "../../tools/run-command.ts"
import { searchTools } from "../../tools/search.ts"
import { createSeen } from "../../tools/seen.ts"
import { cannotFail } from "../can-fail.ts"
import { findCommands, treePlace } from "../commands.ts"
import { describeHow, type Look, ReportFailure, ReportProven, reportTools } from "./report.ts"

const timeoutMs = 10 * 60 * 1000
const maxNudges = 2
/** Of one round; what is left shows in the next. */
export const maxFailures = 5

export type Exercised =
  | {
      kind: "over"
      sessionId: string
      failures: productProofs.Failure[]
      proven: ProductProof["proven"]
      /** Requirements of which nothing was reported. */
      silent: string[]
    }
  | Exclude<SideEnd, { kind: "over" }>

export async function exercise(
  work: Work,
  of: { tree: string; requirements: readonly Requirement[]; documentId: string; round: number },
): Promise<Exercised> {
  const { engine, project, checkout, git, control } = work
  const { tree, requirements } = of
  const { model: modelName, effort, rotateAt } = await chooseModel(engine, project, undefined, "work")
  const eyes = openEyes(engine, modelName)
  const ids = requirements.map(({ id }) => id)
  try {
    await checkout.reset(tree)
    const commands = await findCommands([treePlace(git, tree)], project)
    const build = commands.find(({ source }) => source === "build")?.command
    const options = { timeoutMs, signal: control.signal, by: "check" } as const
    const built = build ? await checkout.run(build, { ...options, timeoutMs: 3 * timeoutMs }) : undefined
    await checkout.keep()
    const tryAnew = async (command: string, signal: AbortSignal): Promise<RunResult> => {
      await checkout.goBack()
      const result = await checkout.run(command, { ...options, signal })
      await checkout.goBack()
      return result
    }
    const lookAnew = async (look: Look, signal: AbortSignal): Promise<true | string> => {
      if (!engine.browser) return "There is no browser on this machine: name a command."
      await checkout.goBack()
      const seen = await lookAtPage(checkout, engine.browser, look, { timeoutMs, signal, by: "check" })
      await checkout.goBack()
      if ("ended" in seen) return `The browser could not be run: ${seen.ended.output.slice(-1000)}`
      return seen.problem ?? (seen.script === "true" ? true : `It returned ${seen.script ?? "nothing"}.`)
    }
    const end = await runSide(work, {
      purpose: "product",
      subject: `${tree} ${of.documentId} ${of.round}`,
      kind: "review",
      about: "product",
      model: work.model,
      modelName,
      effort,
      rotateAt,
      system: fillPrompt(new URL("./product.md", import.meta.url)),
      prompt: writePrompt(work, of, build, built),
      tools: async (journal) => [
        ...readTools(checkout.folder, createSeen(), eyes),
        ...searchTools(checkout.folder),
        runCommand(checkout.folder),
        ...pageTools(checkout.folder, engine.browser, eyes),
        ...reportTools({
          async refuseFailure(report, signal) {
            const unknown = findUnknown(report.requirement, ids)
            if (unknown) return unknown
            const calls = listCalls(journal.entries)
            if (readFailures(calls).length >= maxFailures)
              return "Enough failures are noted for this round. End your turn."
            if (report.look) {
              const seen = await lookAnew(report.look, signal)
              return seen === true ? "Not reproduced: in a fresh clone the script returned true." : undefined
            }
            const command = report.command ?? lastCommand(calls)
            if (command === undefined) return "Name a command that reproduces it."
            return refuseUnseen(report, await tryAnew(command, signal))
          },
          async refuseProven(report, signal) {
            const unknown = findUnknown(report.requirement, ids)
            if (unknown) return unknown
            if (report.look) {
              if (!/\b(?:document|window|location|fetch)\b/.test(report.look.script))
                return "This script looks at nothing of the page, so it proves nothing."
              const seen = await lookAnew(report.look, signal)
              return seen === true ? undefined : `In a fresh clone it did not return true. ${seen}`
            }
            if (report.how === undefined) return "Give a command as how, or a page as look."
            const useless = await cannotFail(report.how)
            if (useless) return `This command proves nothing: ${useless}.`
            const { exitCode, output } = await tryAnew(report.how, signal)
            return exitCode === 0
              ? undefined
              : `In a fresh clone this command ended with exit code ${exitCode}:\n${output.slice(-2000)}`
          },
        }),
      ],
      onRest({ entries }) {
        const silent = findSilent(ids, listCalls(entries))
        if (silent.length === 0 || countNudges(entries) >= maxNudges) return undefined
        return `Not reported yet: ${silent.join(", ")}. Try each and call report_proven or report_failure, then end your turn.`
      },
    })
    if (end.kind !== "over") return end
    const calls = listCalls(end.journal.entries)
    return {
      kind: "over",
      sessionId: end.journal.session.id,
      failures: readFailures(calls),
      proven: readProven(calls),
      silent: findSilent(ids, calls),
    }
  } finally {
    await checkout.remove()
  }
}

function findUnknown(id: string, ids: readonly string[]): string | undefined {
  return ids.includes(id) ? undefined : `${id} is none of the requirements: ${ids.join(", ")}.`
}

const notFound = 127

/** It fails, or prints what was seen and not what is expected. */
function refuseUnseen(report: ReportFailure, result: RunResult): string | undefined {
  const { exitCode, output } = result
  if (exitCode === notFound)
    return `The command itself was not found, so it shows nothing:\n${output.slice(-1000)}`
  if (exitCode !== 0) return undefined
  const says = (words: string) => output.includes(words.trim())
  if (says(report.seen) && !says(report.expected)) return undefined
  return `Not reproduced: in a fresh clone the command ended with exit code 0 and printed:\n${output.slice(-2000)}\nName a command that fails as long as this is wrong, or report the requirement as proven.`
}

function lastCommand(calls: readonly Taken[]): string | undefined {
  const command = calls.findLast(({ name }) => name === "run_command")?.input.command
  return typeof command === "string" ? command : undefined
}

function readFailures(calls: readonly Taken[]): productProofs.Failure[] {
  return calls.flatMap((call, i) => {
    if (call.name !== "report_failure" || call.isError) return []
    const report = ReportFailure.safeParse(call.input).data
    if (!report) return []
    const { requirement: requirementId, what, expected, seen } = report
    const last = lastCommand(calls.slice(0, i)) ?? null
    const command = report.look ? describeHow({ look: report.look }) : (report.command ?? last)
    return [
      {
        requirementId,
        what,
        expected,
        seen,
        command,
        exitCode: null,
        taskId: null,
        title: `${requirementId}: ${what}`.slice(0, 120),
        description: `The finished product was used in a fresh clone, and a requirement did not hold.\n\nWhat was done: ${what}\nExpected by ${requirementId}: ${expected}\nSeen: ${seen}\n\nFind the cause and fix it for every input, not for this one alone; add a test that would have shown it.`,
        checks: report.command ? [report.command] : [],
      },
    ]
  })
}

function readProven(calls: readonly Taken[]): ProductProof["proven"] {
  const found = new Map<string, string>()
  for (const { name, input, isError } of calls) {
    const report = name === "report_proven" && !isError ? ReportProven.safeParse(input).data : undefined
    if (report) found.set(report.requirement, describeHow(report))
  }
  return [...found].map(([requirementId, how]) => ({ requirementId, how }))
}

function findSilent(ids: readonly string[], calls: readonly Taken[]): string[] {
  const told = new Set([
    ...readFailures(calls).map(({ requirementId }) => requirementId),
    ...readProven(calls).map(({ requirementId }) => requirementId),
  ])
  return ids.filter((id) => !told.has(id))
}

function writePrompt(
  { project }: Work,
  { requirements, round }: { requirements: readonly Requirement[]; round: number },
  build: string | undefined,
  built: RunResult | undefined,
): string {
  const end = built?.exitCode === 0 ? "passed" : `ended with exit code ${built?.exitCode}`
  return [
    `# Product: ${project.name}\nRound ${round}`,
    `Its requirements:\n${requirements.map(({ id, text }) => `- ${id}: ${text}`).join("\n")}`,
    build
      ? `The build command \`${build}\` ${end}${built?.exitCode === 0 ? "." : `:\n${built?.output.slice(-3000)}`}`
      : "",
    "Use the product and report on every requirement.",
  ]
    .filter(Boolean)
    .join("\n\n")
}
