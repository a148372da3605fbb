/** What a project's agents may do: the choice, and what of it is sent. Pure. */
import { formatPlace, type Project, readPlace, type SetLevel } from "@aura/core"

export type Level = Project["level"]
export type Form = { level: Level; hosts: string; confirm: string }

export const levels: readonly { level: Level; name: string; about: string }[] = [
  { level: 0, name: "Read", about: "Looks at files. No loop starts." },
  { level: 1, name: "Edit", about: "Changes files, runs nothing. No loop starts." },
  { level: 2, name: "Work in the sandbox", about: "Runs commands that reach this folder alone, no network." },
  { level: 3, name: "Reach listed hosts", about: "The same, and commands reach the hosts below." },
  {
    level: 4,
    name: "The whole network",
    about: "Commands reach everything this machine does. Ends after 8 hours.",
  },
]

export function toForm(project: Pick<Project, "level" | "hosts">): Form {
  return { level: project.level, hosts: project.hosts.join("\n"), confirm: "" }
}

export function toHosts(text: string): string[] {
  const hosts = text.split(/[\s,]+/).filter(Boolean)
  return [...new Set(hosts.map((host) => toPlace(host) ?? host))]
}

function toPlace(host: string): string | undefined {
  const place = readPlace(host)
  return place && formatPlace(place)
}

export function findProblem(form: Form, projectName: string): string | undefined {
  const bad = toHosts(form.hosts).find((host) => toPlace(host) === undefined)
  if (form.level === 3 && bad) return `${bad} is no host such as registry.npmjs.org, nor host:port.`
  if (form.level === 3 && toHosts(form.hosts).length === 0) return "Name at least one host."
  if (form.level === 4 && form.confirm !== projectName) return "Type the project's name to confirm."
  return undefined
}

export function toBody(form: Form): SetLevel {
  return {
    level: form.level,
    ...(form.level === 3 ? { hosts: toHosts(form.hosts) } : {}),
    ...(form.level === 4 ? { confirm: form.confirm } : {}),
  }
}
