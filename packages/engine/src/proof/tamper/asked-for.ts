/**
 * Whether the words of a task or a requirement ask for a change of what proves. Sentence by sentence: one that speaks
 * of the changed thing and of changing it, or that names the new value, asks for it.
 */
import type { About } from "./finding.ts"

const remove =
  /\b(?:remov\w*|delet\w*|drop\w*|retir\w*|deprecat\w*|get rid of|no longer|strip\w*|eliminat\w*|discontinu\w*|withdraw\w*|sunset\w*|obsolete|tak(?:e|ing) out|gone|clean up|unused)\b/i
const change =
  /\b(?:chang\w*|renam\w*|replac\w*|instead|switch\w*|now|migrat\w*|convert\w*|rework\w*|adjust\w*|rais\w*|lower\w*|increas\w*|decreas\w*|reduc\w*|reword\w*|reformat\w*|becomes?|rewrit\w*|redesign\w*|used to|previously|new (?:format|wording|text|output|name|default|message)|from .+ to)\b/i
const verbs: Record<About["action"], RegExp> = {
  remove: new RegExp(
    `${remove.source}|\\b(?:mov\\w*|merg\\w*|split\\w*|reorgani[sz]\\w*|consolidat\\w*)\\b|${change.source}`,
    "i",
  ),
  change: new RegExp(`${change.source}|${remove.source}`, "i"),
  skip: /\b(?:skip\w*|disabl\w*|quarantin\w*|ignor\w*|flaky|xfail|pending|exclud\w*)\b/i,
  relax:
    /\b(?:relax\w*|loosen\w*|disabl\w*|turn(?:ed|ing)? off|switch(?:ed|ing)? off|allow\w*|lower\w*|ignor\w*|suppress\w*|exempt\w*|silenc\w*|reduc\w*|opt out|permit\w*|stop\w*|migrat\w*|replac\w*|remov\w*|drop\w*|delet\w*|exclud\w*)\b/i,
  snapshot:
    /\b(?:snapshots?|goldens?|fixtures?|baselines?|approved|re-?record\w*|regenerat\w*|re-?generat\w*|refresh\w*|expected (?:output|file)s?)\b/i,
  script:
    /\b(?:chang\w*|us(?:e|es|ing)|switch\w*|migrat\w*|mov\w*|replac\w*|renam\w*|configur\w*|set\w*|rework\w*|split\w*|add\w*|run\w*|updat\w*|extend\w*|remov\w*|rewrit\w*)\b/i,
  detect: /\b(?:detect\w*|read\w*|when|if|in|under|unless|honou?r\w*|respect\w*|set)\b/i,
}
/** Words that the sentence must have beside the verb, whatever the changed thing is called. */
const subjects: Partial<Record<About["action"], RegExp>> = {
  script:
    /\b(?:scripts?|package\.json|makefile|make|npm|pnpm|yarn|test command|test runner|runner|vitest|jest|mocha|pytest|unittest|node:test|node --test|justfile|tox|nox|cargo|gradle|maven|tooling|setup|config\w*|conftest)\b/i,
  skip: /\btests?\b|\bspecs?\b|\bsuite\b/i,
}
const negated =
  /\b(?:never|not|don't|must not|without|nor|neither|avoid|keep\w*|unchanged|untouched|cannot)\b/i

/** @param texts what a person or the plan wrote: the task's title and description, its requirements */
export function isAskedFor(about: About, texts: readonly string[], isDeclared = false): boolean {
  return texts.flatMap(sentencesOf).some((sentence) => asks(about, sentence, isDeclared))
}

function asks(about: About, sentence: string, isDeclared: boolean): boolean {
  const shared = countShared(about.words, sentence) + (namesFile(about.words, sentence) ? 1 : 0)
  const verb = verbs[about.action].exec(sentence)
  const before = verb ? sentence.slice(0, verb.index) : sentence
  const isNegated =
    negated.test(before.replace(/no longer|instead|not only/gi, "")) && !/no longer/i.test(verb?.[0] ?? "")
  if (isNegated) return false
  if (about.action === "snapshot") {
    const isNamed =
      verb !== null &&
      (change.test(sentence) ||
        /updat|regenerat|re-?record|refresh|renew|accept|re-?generat|fit/i.test(sentence))
    return isNamed || (change.test(sentence) && shared >= 1)
  }
  const subject = subjects[about.action]
  if (subject) return verb !== null && subject.test(sentence) && (about.action !== "skip" || shared >= 1)
  if (about.action === "detect")
    return (
      verb !== null && about.newValues.some((name) => new RegExp(`\\b${toPattern(name)}\\b`).test(sentence))
    )
  if (about.action === "relax") return verb !== null && shared >= 1
  if (about.action === "change" && shared >= 1 && namesNewValue(about, sentence, verb !== null)) return true
  const enough = about.action === "remove" || isDeclared ? 1 : Math.min(2, stemsOf(about.words).size)
  return verb !== null && shared >= Math.max(1, enough)
}

/** The sentence gives the new value and, unless it tells of a change, not the old one. */
function namesNewValue(about: About, sentence: string, tellsChange: boolean): boolean {
  const has = (value: string): boolean => {
    const bare = value.replace(/^"|"$/g, "").replaceAll("\\n", "").trim()
    if (bare.length === 0) return false
    return new RegExp(`(?<![\\w.])${toPattern(bare)}(?![\\w])`, "i").test(sentence)
  }
  const fresh = about.newValues.filter((value) => !about.oldValues.includes(value))
  const stale = about.oldValues.filter((value) => !about.newValues.includes(value))
  return fresh.length > 0 && fresh.every(has) && (tellsChange || !stale.some(has))
}

function toPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?;])\s+|\n+/).filter((sentence) => sentence.trim() !== "")
}

function countShared(words: string, sentence: string): number {
  const stems = stemsOf(sentence)
  return [...stemsOf(words)].filter((stem) => stems.has(stem)).length
}

/** The sentence names the file, or the one that a test of that name is about: `old.js` for `test/old.test.js`. */
function namesFile(words: string, sentence: string): boolean {
  return words
    .split(/\s+/)
    .flatMap((word) => /([^/]{1,200}?)(?:[._-](?:test|spec))?\.[a-z]{1,5}$/i.exec(word)?.[1] ?? [])
    .map((name) => name.replace(/^test_/, ""))
    .some((name) =>
      new RegExp(`(?<![\\w-])${toPattern(name)}(?:[._-](?:test|spec))?\\.\\w{1,5}(?!\\w)`).test(sentence),
    )
}

const empty = new Set(
  "test tests testing spec should return returns given when then with the and for that this from into not expect assert equal true false none null value values result case file line lines src lib main index json md txt new old all one two its are was has can must does will which when what how than some any each get set put let var const".split(
    " ",
  ),
)

/** Words without their endings, parts of names apart. */
export function stemsOf(text: string): Set<string> {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  return new Set(words.filter((word) => word.length > 2 && !empty.has(word)).map(stem))
}

function stem(word: string): string {
  const short = word.replace(/(?:ations?|ings?|edly|ed|ers?|ies|es|s|ly|ment)$/, "")
  return (short.length > 2 ? short : word).replace(/(.)\1$/, "$1").replace(/[ey]$/, "")
}
