/** Picks the reply a request is due: the most particular scene that fits, then its next line. */
import type { Moment } from "./match.ts"
import type { Scene, Screenplay, ScriptedReply } from "./screenplay.ts"

/** `place` is the same for every request that is due the same reply. */
export type Cue = { reply: ScriptedReply; place: string } | { unexpected: string }

export function findCue(screenplay: Screenplay, moment: Moment): Cue {
  const index = findScene(screenplay.scenes, moment)
  const scene = screenplay.scenes[index]
  if (!scene) return { unexpected: toComplaint(screenplay, moment, "No scene fits this request.") }
  const last = scene.replies.length - 1
  const due = scene.ending === "repeat" ? Math.min(moment.position, last) : moment.position
  const reply = scene.replies[due] ?? closing
  const missing = [reply.expect?.contains ?? []].flat().find((text) => !moment.hears.includes(text))
  if (missing !== undefined) {
    const complaint = `Scene ${index + 1}, reply ${due + 1} expects to hear ${JSON.stringify(missing)}.`
    return { unexpected: toComplaint(screenplay, moment, complaint) }
  }
  const { title, attempt, part } = moment.task ?? { title: "", attempt: 1, part: 1 }
  return { reply, place: [index, title, attempt, part, moment.position].join("|") }
}

const closing: ScriptedReply = { text: "That is all I have to say in this scene.", calls: [] }

/** Index of the fitting scene with the most conditions; the first of several. -1 = none. */
function findScene(scenes: Scene[], moment: Moment): number {
  const fitting = scenes.flatMap(({ when }, index) =>
    fits(when, moment) ? [{ index, conditions: Object.values(when).filter(isGiven).length }] : [],
  )
  fitting.sort((a, b) => b.conditions - a.conditions || a.index - b.index)
  return fitting[0]?.index ?? -1
}

function fits(when: Scene["when"], { phase, model, task, says }: Moment): boolean {
  return (
    when.phase === phase &&
    (when.model === undefined || when.model === model) &&
    (when.task === undefined || sameTitle(when.task, task?.title)) &&
    (when.attempt === undefined || when.attempt === task?.attempt) &&
    (when.part === undefined || when.part === task?.part) &&
    (when.says === undefined || says.includes(when.says))
  )
}

function sameTitle(a: string, b: string | undefined): boolean {
  return a.trim().toLowerCase() === b?.trim().toLowerCase()
}

function isGiven(value: unknown): boolean {
  return value !== undefined
}

function toComplaint(screenplay: Screenplay, moment: Moment, what: string): string {
  const { phase, task, position, says } = moment
  const at = task ? `, task "${task.title}", attempt ${task.attempt}, part ${task.part}` : ""
  const scenes = screenplay.scenes.map(({ when }, i) => `${i + 1} ${describe(when)}`).join("; ")
  const short = says.length > 120 ? `${says.slice(0, 120)}…` : says
  return `${what} It came in phase ${phase}${at}, position ${position}; the last text is ${JSON.stringify(short)}. Scenes: ${scenes}.`
}

function describe({ phase, model, task, attempt, part, says }: Scene["when"]): string {
  return [
    phase,
    model,
    task && `"${task}"`,
    attempt && `attempt ${attempt}`,
    part && `part ${part}`,
    says && `says "${says}"`,
  ]
    .filter(Boolean)
    .join(" ")
}
