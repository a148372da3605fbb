/** What the commands of a check lead to: scripts of package.json, targets of a Makefile, files they run. */
import { isTestPath } from "./places.ts"

export type CheckScripts = {
  /** Files that a check runs and that are there to check. */
  files: Set<string>
  /** Names of package.json's scripts. */
  scripts: Set<string>
  /** Targets of the Makefile or justfile. */
  targets: Set<string>
  /** The commands at the end of it, which no script stands behind. */
  commands: string[]
}

type ReadText = (path: string) => Promise<string | null>

const deepest = 6
export const makefiles = ["Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", ".justfile"]

export async function findCheckScripts(commands: readonly string[], read: ReadText): Promise<CheckScripts> {
  const found: CheckScripts = { files: new Set(), scripts: new Set(), targets: new Set(), commands: [] }
  for (const command of commands) await follow(command, read, found, 0)
  return found
}

async function follow(command: string, read: ReadText, found: CheckScripts, depth: number): Promise<void> {
  if (depth > deepest) return
  for (const words of splitCommands(command)) {
    const [program = "", ...args] = words
    const script = scriptName(program, args)
    if (script !== undefined) {
      const scripts = readScripts(await read("package.json"))
      for (const name of [`pre${script}`, script, `post${script}`]) {
        const body = scripts[name]
        if (found.scripts.has(name)) continue
        if (name === script) found.scripts.add(name)
        if (body === undefined) continue
        found.scripts.add(name)
        await follow(body, read, found, depth + 1)
      }
      continue
    }
    if (/^(?:make|gmake|just)$/.test(program)) {
      await followTargets(args, read, found, depth)
      continue
    }
    const file = fileOf(program, args)
    if (file !== undefined && (await isCheckFile(file, read))) {
      if (found.files.has(file)) continue
      found.files.add(file)
      const text =
        /\.(?:sh|bash|bats)$/.test(file) || /^(?:sh|bash|zsh|dash|\.|source)$/.test(program)
          ? await read(file)
          : null
      if (text !== null) await follow(text, read, found, depth + 1)
      continue
    }
    found.commands.push(words.join(" "))
  }
}

async function followTargets(
  args: readonly string[],
  read: ReadText,
  found: CheckScripts,
  depth: number,
): Promise<void> {
  for (const name of makefiles) {
    const text = await read(name)
    if (text === null) continue
    const targets = readTargets(text)
    const wanted = args.filter((arg) => /^[\w.-]+$/.test(arg) && targets.has(arg))
    const first = [...targets.keys()].find((target) => !target.startsWith("."))
    const waiting = wanted.length > 0 ? wanted : first ? [first] : []
    for (let target = waiting.pop(); target !== undefined; target = waiting.pop()) {
      if (found.targets.has(target)) continue
      found.targets.add(target)
      const { needs = [], recipe = [] } = targets.get(target) ?? {}
      waiting.push(...needs)
      for (const line of recipe) await follow(line.replace(/^[@-]+/, ""), read, found, depth + 1)
    }
  }
}

/** The script that `npm test`, `yarn lint`, `pnpm run build` stands for. */
function scriptName(program: string, args: readonly string[]): string | undefined {
  if (!/^(?:npm|pnpm|yarn|bun)$/.test(program)) return undefined
  const words = args.filter((arg) => !arg.startsWith("-"))
  const [first, second] = words
  if (first === "run" || first === "run-script") return second
  if (first === "test" || first === "t" || first === "tst") return "test"
  if (first === "start") return "start"
  return program === "npm" || first === undefined || /^(?:add|install|i|ci|exec|x|dlx)$/.test(first)
    ? undefined
    : first
}

const interpreters =
  /^(?:sh|bash|zsh|dash|ksh|node|python[\d.]*|ruby|perl|deno|tsx|ts-node|bun|\.|source|bats)$/

function fileOf(program: string, args: readonly string[]): string | undefined {
  const clean = (path: string) => path.replace(/^\.\//, "")
  if (/[/.]/.test(program) && !interpreters.test(program)) return clean(program)
  if (!interpreters.test(program)) return undefined
  const file = args.find((arg) => !arg.startsWith("-") && /[/.]/.test(arg))
  return file === undefined ? undefined : clean(file)
}

async function isCheckFile(path: string, read: ReadText): Promise<boolean> {
  if (
    isTestPath(path) ||
    /(?:^|[/._-])(?:check|checks|test|tests|verify|validate|assert|spec|smoke|e2e|ci|lint|acceptance)(?:[/._-]|$)/i.test(
      path,
    )
  )
    return true
  const text = await read(path)
  if (text === null || !(/\.(?:sh|bash)$/.test(path) || /^#!.*sh\b/.test(text))) return false
  return /\bexit 1\b|\bdiff\b|\bcmp\b|grep -q|node --test|npm (?:run )?test|pytest|go test|cargo test|\bassert/.test(
    text,
  )
}

const wrappers =
  /^(?:env|time|npx|timeout|nice|exec|command|cross-env|xvfb-run|sudo|stdbuf|dotenv|poetry|uv|pipenv|hatch|--|run|if|then|while|!|\(|\{)$/

/** The simple commands of a line, without assignments and what only wraps another. */
export function splitCommands(command: string): string[][] {
  return command
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => !line.trim().startsWith("#"))
    .join("\n")
    .split(/&&|\|\||[;|\n&]/)
    .map((part) => {
      const words = [...part.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']+(?:"[^"]*"|'[^']*')*/g)].map(
        ([word]) => word.replace(/^(["'])([\s\S]*)\1$/, "$2"),
      )
      let at = 0
      for (; at < words.length; at++) {
        const word = words[at] ?? ""
        const isWrapped =
          wrappers.test(word) ||
          /^\w+=/.test(word) ||
          (at > 0 &&
            (word.startsWith("-") || (/^(?:timeout|nice)$/.test(words[at - 1] ?? "") && /^\d/.test(word))))
        if (!isWrapped) break
      }
      return words.slice(at)
    })
    .filter((words) => words.length > 0)
}

/** A package.json that is broken has no scripts. */
export function readScripts(text: string | null): Record<string, string> {
  const scripts = readJson(text)?.scripts
  if (typeof scripts !== "object" || scripts === null) return {}
  return Object.fromEntries(
    Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  )
}

export function readJson(text: string | null): Record<string, unknown> | undefined {
  if (text === null) return undefined
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === "object" && read !== null ? { ...read } : undefined
  } catch {
    return undefined
  }
}

export type Target = { needs: string[]; recipe: string[]; line: number }

export function readTargets(text: string): Map<string, Target> {
  const targets = new Map<string, Target>()
  let current: Target[] = []
  text
    .replace(/\\\n/g, " ")
    .split("\n")
    .forEach((row, i) => {
      if (/^(?:\t| {2,})\S/.test(row)) {
        for (const target of current) target.recipe.push(row.trim())
        return
      }
      const [, names, needs = ""] = /^([\w.\- %/]{1,200}?)\s{0,30}::?(?!=)([^=]{0,200})$/.exec(row) ?? []
      if (names === undefined) {
        if (row.trim() !== "" && !row.startsWith("#")) current = []
        return
      }
      const [list = "", inline] = needs.split(";")
      current = names
        .split(/\s+/)
        .filter(Boolean)
        .map((name) => {
          const target: Target = targets.get(name) ?? { needs: [], recipe: [], line: i + 1 }
          target.needs.push(...(list.split("#")[0]?.split(/\s+/).filter(Boolean) ?? []))
          if (inline?.trim()) target.recipe.push(inline.trim())
          targets.set(name, target)
          return target
        })
    })
  return targets
}
