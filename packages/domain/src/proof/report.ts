/** A certificate for people: one HTML file that needs nothing else, or Markdown for a pull request. */
import { type Certificate, isOpen, stateWords } from "@aura/core"
import { fingerprint, type Proof, proofsIn, type Round, roundsIn } from "./check-certificate.ts"

type Row = Certificate["requirements"][number]
type Decision = Extract<Certificate["links"][number]["fact"], { kind: "decision" }>

const decisionWords: Readonly<Record<Decision["what"], string>> = {
  waived: "goes without proof of",
  allowed: "allowed a change of",
  refused: "refused a change of",
  went_on_without_commit: "went on without the commit of",
  accepted: "accepted",
}

type Summary = {
  sentence: string
  rows: {
    row: Row
    tasks: { title: string; status: string; commit: string | null; proof: Proof | undefined }[]
  }[]
  decisions: Decision[]
  superseded: Proof[]
  findings: { title: string; text: string }[]
  /** What others said of it than its own checks. */
  opinions: string[]
}

function summarize(certificate: Certificate): Summary {
  const proofs = proofsIn(certificate)
  const { requirements, tasks, links } = certificate
  const said = requirements.filter(({ state }) => state !== "closed")
  const count = (state: Row["state"]) => said.filter((row) => row.state === state).length
  const left = said.filter(isOpen)
  const waived = count("waived") > 0 ? ` and ${count("waived")} waived` : ""
  return {
    sentence: `${count("proven")} of ${said.length} requirements are proven${waived}; ${left.length === 0 ? "none is open" : `${left.length} open: ${left.map(({ id }) => id).join(", ")}`}.`,
    rows: requirements.map((row) => ({
      row,
      tasks: tasks
        .filter(({ id }) => row.taskIds.includes(id))
        .map(({ id, title, status, commit }) => ({
          title,
          status,
          commit,
          proof: proofs.find(({ facts, superseded }) => facts.taskId === id && superseded === null),
        })),
    })),
    decisions: links.flatMap(({ fact }) => (fact.kind === "decision" ? [fact] : [])),
    superseded: proofs.filter(({ superseded }) => superseded !== null),
    findings: proofs.flatMap(({ title, facts }) =>
      facts.findings.map(({ file, line, sentence }) => ({ title, text: `${file}:${line} ${sentence}` })),
    ),
    opinions: [
      ...proofs.filter(({ superseded }) => superseded === null).flatMap(describeOpinions),
      ...roundsIn(certificate).map(describeRound),
    ],
  }
}

function describeOpinions({ title, facts }: Proof): string[] {
  const { heldOut = [], reviews = [], unnoticed = [] } = facts
  return [
    ...unnoticed.map(
      ({ file, line, was, becomes }) =>
        `${title}: no check notices when \`${was}\` in ${file}:${line} becomes \`${becomes}\``,
    ),
    ...heldOut.map((check) => `${title}: held-out check of ${check.requirementId} passed: ${check.title}`),
    ...reviews.map(({ at, model, accept, findings, overruled }) => {
      const by = overruled ? `; overruled by ${overruled.by}: ${overruled.reason}` : ""
      const what = accept ? "accepted" : `rejected: ${findings.join(" ")}`
      return `${title}: review of ${day(at)} by ${model} ${what}${by}`
    }),
  ]
}

function describeRound({ at, outcome, tried, treeHash, why, proven, failures }: Round): string {
  const what = tried === "product" ? "The whole product" : "Held-out checks on all that was committed"
  const tree = `tree ${treeHash.slice(0, 10)}`
  if (outcome === "proven")
    return `${day(at)}: ${what}, ${tree}: shown to work: ${proven.map(({ requirementId }) => requirementId).join(", ")}`
  if (outcome === "skipped") return `${day(at)}: ${what} was not tried. ${why ?? ""}`
  const seen = failures.map((one) => `${one.requirementId}: ${one.what}, seen: ${one.seen}`)
  return `${day(at)}: ${what}, ${tree}: failed: ${seen.join("; ")}`
}

function describeCheck({ command, exitCode, durationMs }: Proof["facts"]["checks"][number]): string {
  return `${command} (exit ${exitCode ?? "none"}, ${(durationMs / 1000).toFixed(1)} s)`
}

function describeEnvironment(certificate: Certificate): string {
  const known = proofsIn(certificate).flatMap(({ facts }) => facts.environment ?? [])
  const all = known.map(
    ({ aura, node, os, sandbox }) => `Aura ${aura}, Node ${node}, ${os}, sandbox ${sandbox}`,
  )
  return [...new Set(all)].join("; ") || "not recorded"
}

function describeDecision({ by, at, what, about, text }: Decision): string {
  return `${day(at)}: ${by} ${decisionWords[what]} ${about}: ${text}`
}

function day(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`
}

export function toMarkdown(certificate: Certificate): string {
  const { sentence, rows, decisions, superseded, findings, opinions } = summarize(certificate)
  const cell = (text: string) =>
    toSafe(text.replace(/\s+/g, " ")).replace(/[\\|[\]`*_#@!]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  const code = (text: string) => toCodeSpan(text.replace(/\s+/g, " ").replaceAll("|", "\\|"))
  const lines = rows.map(({ row, tasks }) => {
    const proof = tasks.map(
      ({ title, status, commit }) => `${cell(title)} (${status}${commit ? `, ${commit.slice(0, 10)}` : ""})`,
    )
    const checks = [
      ...new Set(
        tasks.flatMap(({ proof: found }) => found?.facts.checks.map(({ command }) => command) ?? []),
      ),
    ]
    const name = row.label ? `${row.id} (${cell(row.label)})` : row.id
    const why = row.state === "proven" || !row.why ? "" : `: ${cell(row.why)}`
    return `| ${name} | ${cell(row.text)} | **${stateWords[row.state]}**${why} | ${proof.join("; ")} | ${checks.map(code).join(", ")} |`
  })
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`### ${title}`, "", ...items.map((item) => `- ${cell(item)}`), ""]
  return [
    `## Proof of ${cell(certificate.project.name)}`,
    "",
    `${sentence} Cost: $${certificate.project.costUsd.toFixed(2)}. Version ${certificate.document.version} of the requirements, ${day(certificate.madeAt)}.`,
    "",
    "| Requirement | It says | State | Tasks and commits | Checks |",
    "|---|---|---|---|---|",
    ...lines,
    "",
    ...list("Held-out checks, reviews, faults that no check notices, and the whole product", opinions),
    ...list("Decided by people", decisions.map(describeDecision)),
    ...list(
      "Changes of tests, settings and scripts that were let through",
      findings.map(({ title, text }) => `${title}: ${text}`),
    ),
    ...list(
      "Proven anew",
      superseded.map(({ title, superseded: by }) => `${title}: ${by?.reason ?? "reopened"}`),
    ),
    `Made by Aura ${certificate.aura}; environment: ${cell(describeEnvironment(certificate))}. Certificate ends in ${code(certificate.end.slice(0, 16))}, key ${code(fingerprint(certificate))}.`,
    "",
  ].join("\n")
}

/** More backticks around than there are inside. */
function toCodeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = "`".repeat(longest + 1)
  return longest > 0 ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`
}

const style = `
:root { color-scheme: light dark; --ink: #1c1b19; --soft: #55534d; --line: #d9d6cf; --ok: #1b6e3f; --bad: #a4221b; --warn: #7a4b00 }
@media (prefers-color-scheme: dark) { :root { --ink: #eceae4; --soft: #b3b0a8; --line: #3b3a37; --ok: #6cc48d; --bad: #ff8f85; --warn: #e0b060 } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 72rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line) }
code { font: 13px/1.4 ui-monospace, monospace } ul { padding-left: 1.1rem; margin: 0 } small, .soft { color: var(--soft) }
.proven { color: var(--ok) } .broken { color: var(--bad) } .waived, .unproven { color: var(--warn) } .wide { overflow-x: auto }
`

export function toHtml(certificate: Certificate): string {
  const { sentence, rows, decisions, superseded, findings, opinions } = summarize(certificate)
  const body = rows.map(({ row, tasks }) => {
    const earlier = row.earlier.map(
      ({ text, since }) => `<br><small>Version ${since}: ${toSafe(text)}</small>`,
    )
    const proofs = tasks.map(({ title, status, commit, proof }) => {
      const checks =
        proof?.facts.checks.map((check) => `<li><code>${toSafe(describeCheck(check))}</code></li>`) ?? []
      const sha = commit ? ` <code>${toSafe(commit.slice(0, 10))}</code>` : ""
      return `<li>${toSafe(title)} <small>${toSafe(status)}</small>${sha}<ul>${checks.join("")}</ul></li>`
    })
    const label = row.label ? `<br><small>${toSafe(row.label)}</small>` : ""
    const why = row.why ? `<br><small>${toSafe(row.why)}</small>` : ""
    return `<tr id="${toSafe(row.id)}"><th scope="row">${toSafe(row.id)}${label}</th><td>${toSafe(row.text)}${earlier.join("")}</td><td><strong class="${row.state}">${stateWords[row.state]}</strong>${why}</td><td><ul>${proofs.join("")}</ul></td></tr>`
  })
  const list = (title: string, items: readonly string[]) =>
    items.length === 0
      ? ""
      : `<h2>${title}</h2><ul>${items.map((item) => `<li>${toSafe(item)}</li>`).join("")}</ul>`
  const name = toSafe(certificate.project.name)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Proof of ${name}</title><style>${style}</style></head><body><main>
<h1>Proof of ${name}</h1>
<p>${toSafe(sentence)}</p>
<p class="soft">Version ${certificate.document.version} of the requirements, ${day(certificate.madeAt)}. Cost: $${certificate.project.costUsd.toFixed(2)}.</p>
<div class="wide"><table><thead><tr><th scope="col">Requirement</th><th scope="col">It says</th><th scope="col">State</th><th scope="col">Tasks, commits and checks</th></tr></thead>
<tbody>${body.join("\n")}</tbody></table></div>
${list("Held-out checks, reviews, faults that no check notices, and the whole product", opinions)}
${list("Decided by people", decisions.map(describeDecision))}
${list(
  "Changes of tests, settings and scripts that were let through",
  findings.map(({ title, text }) => `${title}: ${text}`),
)}
${list(
  "Proven anew",
  superseded.map(({ title, superseded: by }) => `${title}: ${by?.reason ?? "reopened"}`),
)}
<p><small>Made by Aura ${toSafe(certificate.aura)}. Environment: ${toSafe(describeEnvironment(certificate))}. The certificate ends in <code>${certificate.end}</code>, signed with key <code>${fingerprint(certificate)}</code>; <code>aura verify CERTIFICATE.json --in CLONE</code> compares it with a clone.</small></p>
</main></body></html>
`
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

function toSafe(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}
