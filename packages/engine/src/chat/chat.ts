/** Chat: a conversation with an agent of the project, over the same turns and tools as the work. */
import {
  AuraError,
  toMessage as describe,
  type Effort,
  type Entry,
  type KeptMedia,
  type Message,
  type SendMessage,
} from "@aura/core"
import { agents, permissions, projects, sessions } from "@aura/domain"
import { allow } from "../budget.ts"
import { key } from "../chat-key.ts"
import { createControl } from "../control.ts"
import type { Engine } from "../engine.ts"
import { whenBack } from "../loop/way-back.ts"
import { planTools } from "../plan/plan-tools.ts"
import { storedPlan } from "../plan/stored-plan.ts"
import { type Journal, openSession, tellLive, tellOutput, tellTool } from "../session/journal.ts"
import { isDue, rotate } from "../session/rotate.ts"
import { chooseModel, writeSystem } from "../session/system.ts"
import { runTurns } from "../session/turns.ts"
import { type Eyes, openEyes, showMedia } from "../tools/eyes.ts"
import { readTools, writeTools } from "../tools/files.ts"
import { keepBefore } from "../tools/keep-before.ts"
import { pageTools } from "../tools/look-at-page.ts"
import { permitTools, permitWorkspace } from "../tools/permission.ts"
import { runCommand } from "../tools/run-command.ts"
import { searchTools } from "../tools/search.ts"
import { createSeen } from "../tools/seen.ts"

const maxTurns = 60

export { key }

/** The conversation so far, oldest first. */
export async function listMessages(
  engine: Engine,
  projectId: string,
  instanceId: string,
): Promise<Message[]> {
  await agents.getInstance(engine.aura, projectId, instanceId)
  const chats = (await sessions.listByInstance(engine.aura, instanceId)).filter(
    (session) => session.kind === "chat",
  )
  const entries = await Promise.all(chats.map((session) => sessions.entries(engine.aura, session.id)))
  return entries.flat().flatMap(toMessage)
}

/**
 * Stores what the person said and starts the answer.
 * @throws AuraError `conflict` while an answer is going on
 */
export async function sendMessage(
  engine: Engine,
  projectId: string,
  instanceId: string,
  input: SendMessage,
): Promise<Message> {
  const { aura } = engine
  const project = await projects.get(aura, projectId)
  const instance = await agents.getInstance(aura, projectId, instanceId)
  const runningKey = key(instanceId)
  if (engine.running.has(runningKey))
    throw new AuraError("conflict", `${instance.name} is still answering. Wait for the end of it.`)
  const control = createControl()
  engine.running.set(runningKey, control)
  try {
    const { model, rotateAt, effort } = await chooseModel(engine, project, instance, "chat")
    const journal = await openSession(engine, {
      projectId,
      instanceId,
      kind: "chat",
      model,
      rotateAt,
    })
    const attached = await attach(openEyes(engine, journal.session.model), input.attachments ?? [])
    const entry = {
      kind: "prompt",
      from: "user",
      about: "chat",
      text: [input.text, ...attached.texts].join("\n\n"),
      ...(attached.media.length > 0 && { media: attached.media }),
    } as const
    await journal.record(entry)
    journal.transcript.add(entry)
    const stored = journal.entries.at(-1)
    void answer(engine, { project, instance, journal, effort, signal: control.signal })
      .catch((thrown: unknown) => journal.record({ kind: "note", level: "error", text: describe(thrown) }))
      .finally(() => {
        engine.running.delete(runningKey)
        control.finish()
      })
    return {
      id: stored?.id ?? "",
      sessionId: journal.session.id,
      role: "user",
      text: entry.text,
      at: stored?.at ?? new Date(aura.now()).toISOString(),
    }
  } catch (thrown) {
    engine.running.delete(runningKey)
    control.finish()
    throw thrown
  }
}

/** @throws AuraError `bad_request` for what is neither text nor a picture nor a PDF, or cannot be shown */
async function attach(
  eyes: Eyes | undefined,
  files: NonNullable<SendMessage["attachments"]>,
): Promise<{ texts: string[]; media: KeptMedia[] }> {
  const texts: string[] = []
  const media: KeptMedia[] = []
  for (const file of files) {
    if ("text" in file) {
      texts.push(`<file name="${file.name}">\n${file.text}\n</file>`)
      continue
    }
    const shown = await showMedia(file.name, Buffer.from(file.data, "base64"), eyes)
    if (!shown)
      throw new AuraError("bad_request", `${file.name} is neither a picture nor a PDF. Send it as text.`)
    if (shown.isError) throw new AuraError("bad_request", shown.output)
    texts.push(shown.output)
    media.push(...(shown.media ?? []))
  }
  return { texts, media }
}

type Chat = {
  project: Awaited<ReturnType<typeof projects.get>>
  instance: Awaited<ReturnType<typeof agents.getInstance>>
  journal: Journal
  effort: Effort
  signal: AbortSignal
}

async function answer(engine: Engine, of: Chat): Promise<void> {
  const { aura } = engine
  await whenBack(engine, of.project.id)
  const system = await writeSystem(aura, new URL("./chat.md", import.meta.url), of.project, of.instance)
  const model = await engine.modelFor(of.project)
  const place = engine.openPlace(of.project, of.instance)
  const occasion = {
    projectId: of.project.id,
    instanceId: of.instance.id,
    taskId: null,
    kind: "command",
  } as const
  const keep = async (why: string) => await place.snapshots.take({ ...occasion, why })
  const workspace = permitWorkspace(keepBefore(place.workspace, keep), () =>
    permissions.of(aura, of.project.id),
  )
  const seen = createSeen()
  const eyes = openEyes(engine, of.journal.session.model)
  const tools = permitTools((await permissions.of(aura, of.project.id)).level, [
    ...readTools(workspace, seen, eyes),
    ...writeTools(workspace, { refuse: async () => undefined }, seen),
    ...searchTools(workspace),
    runCommand(workspace),
    ...pageTools(workspace, engine.browser, eyes),
    ...planTools(
      storedPlan(engine, { kind: "agent", projectId: of.project.id, instanceId: of.instance.id }),
      "person",
    ),
  ])
  if (isDue(of.journal.session, of.journal.entries)) {
    const question = of.journal.entries.at(-1)
    const turned = await rotate(engine, {
      journal: of.journal,
      project: of.project,
      model,
      task: undefined,
      specTitle: null,
      system,
      effort: of.effort,
      tools,
      signal: of.signal,
    })
    if (!turned) return await of.journal.record({ kind: "note", level: "warn", text: "Stopped." })
    of.journal = turned.journal
    const asked = question?.kind === "prompt" ? question : undefined
    const entry = {
      kind: "prompt",
      from: "user",
      about: "chat",
      text: `${turned.carried}\n\n${asked?.text ?? ""}`,
      ...(asked?.media && { media: asked.media }),
    } as const
    await of.journal.record(entry)
    of.journal.transcript.add(entry)
  }
  const { journal } = of
  let turns = 0
  let maxTokens = 0
  const end = await runTurns<string>({
    model,
    modelName: journal.session.model,
    system,
    maxTokens: () => maxTokens,
    effort: of.effort,
    tools,
    transcript: journal.transcript,
    turn: journal.session.turns,
    signal: of.signal,
    record: (entry) => journal.record(entry),
    gate: async (next) => {
      if (of.signal.aborted) return "Stopped."
      if (next === "tool") return undefined
      if (turns++ >= maxTurns) return `The answer was not finished after ${maxTurns} turns.`
      const allowance = await allow(engine, of.project, {
        session: journal.session,
        addedChars: 4000,
      })
      if (allowance.kind === "refused") return allowance.reason
      maxTokens = allowance.maxTokens
      return undefined
    },
    onRest: async () => undefined,
    onEvent: (event) => tellLive(aura, journal, journal.session.turns + 1, event),
    onToolStart: (call) => tellTool(aura, journal, call),
    onToolOutput: (call, text) => tellOutput(aura, journal, call, text),
  })
  if (end.kind === "gate") await journal.record({ kind: "note", level: "warn", text: end.end })
  if (end.kind === "failed") await journal.record({ kind: "note", level: "error", text: end.failure.message })
}

function toMessage(entry: Entry): Message[] {
  const of = { id: entry.id, sessionId: entry.sessionId, at: entry.at }
  if (entry.kind === "prompt" && entry.from === "user") return [{ ...of, role: "user", text: entry.text }]
  if (entry.kind !== "reply") return []
  const text = entry.blocks.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")
  return text.trim() === "" ? [] : [{ ...of, role: "assistant", text }]
}
