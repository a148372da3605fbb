/** Fails on any import that goes against the arrows, on undeclared packages, and on commits outside the rules. */
import { globSync, readFileSync } from "node:fs"
import { builtinModules } from "node:module"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

/** What each workspace may import of the others. An arrow not listed here does not exist. */
const arrows: Record<string, readonly string[]> = {
  "packages/core": [],
  "packages/store": ["core"],
  "packages/model": ["core"],
  "packages/workspace": ["core"],
  "packages/domain": ["core", "store (types)", "workspace (folder)"],
  "packages/engine": ["core", "model", "workspace", "domain", "store (types)"],
  "apps/server": ["core", "store", "model", "workspace", "domain", "engine"],
  "apps/cli": ["core", "store", "model", "workspace", "domain", "engine", "server"],
  "apps/desktop": ["core", "store", "model", "workspace", "domain", "engine", "server"],
  interface: ["core"],
}

type Folders = Readonly<Record<string, readonly string[]>>

/**
 * What each folder of a package may import of its other folders. What lies beside them, at the top, belongs to all. `*` is
 * any name, and none of these imports another.
 */
const folders: Readonly<Record<string, Folders>> = {
  "packages/workspace/src": {
    folder: [],
    terminals: [],
    browser: [],
    run: [],
    sandbox: ["folder"],
    git: ["folder", "run"],
    custody: ["folder", "run", "sandbox", "git", "terminals"],
    snapshots: ["folder", "git"],
    local: ["folder", "run", "sandbox", "git", "custody", "snapshots", "terminals"],
    memory: ["git", "snapshots"],
    process: ["run", "sandbox", "git", "custody", "snapshots", "local"],
  },
  "packages/model/src": {
    anthropic: [],
    openai: [],
    gemini: ["openai"],
    screenplay: ["anthropic", "openai", "gemini"],
  },
  "packages/domain/src": {
    documents: [],
    tasks: ["requirements"],
    requirements: ["documents", "tasks"],
    proof: ["requirements"],
  },
  "packages/engine/src": {
    tools: [],
    session: ["tools"],
    proof: ["tools", "session"],
    plan: ["tools", "session", "proof"],
    loop: ["tools", "session", "proof", "plan"],
    chat: ["tools", "session", "plan", "loop"],
  },
  "apps/server/src": { programs: [], updates: [], routes: ["programs"] },
  "interface/src": {
    api: [],
    hooks: ["api"],
    components: ["api", "hooks"],
    parts: ["api", "hooks", "components"],
    "apps/*": ["api", "hooks", "components", "parts"],
    views: ["api", "hooks", "components", "parts"],
  },
}

/** Packages that one workspace walls off: nobody else may name them. */
const walled: Record<string, string> = {
  "rocksdb-native": "packages/store",
  "@anthropic-ai/sdk": "packages/model",
  "@lydell/node-pty": "packages/workspace",
  "@vscode/ripgrep": "packages/workspace",
  "@webviewjs/webview": "apps/desktop",
}
const testOnly = new Set(["axe-core", "vitest", "fast-check", "playwright-core", "ws", "@types/node"])

type Source = { file: string; text: string }

/** @returns one sentence per violation */
export function findViolations(root: string, sources: readonly Source[] = readSources(root)): string[] {
  return sources.flatMap(({ file, text }) => {
    const home = Object.keys(arrows).find((name) => file.startsWith(`${name}/`))
    if (!home) return []
    return [...checkImports(root, home, file, text), ...checkCommits(home, file, text)]
  })
}

function checkImports(root: string, home: string, file: string, text: string): string[] {
  const declared = readDeclared(root, home)
  const isTest = isOutside(file)
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s+(type\s+)?[^"';]*?from\s+"([^"]+)"|import\("([^"]+)"\)|(?:^|\n)\s*import\s+"([^"]+)"/g,
    ),
  ].flatMap((match) => {
    const isType = match[1] !== undefined
    const name = match[2] ?? match[3] ?? match[4] ?? ""
    if (name.startsWith("."))
      return [...checkRelative(root, home, file, name), ...checkFolders(root, file, name)]
    const pack = name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : (name.split("/")[0] ?? "")
    if (name.startsWith("node:") || builtinModules.includes(pack))
      return home === "packages/core" || (home === "interface" && !isTest)
        ? [`${file}: ${home} runs anywhere and may not import ${name}`]
        : []
    if (pack.startsWith("@aura/")) {
      const target = pack.slice("@aura/".length)
      const allowed = arrows[home] ?? []
      const part = name.slice(pack.length + 1)
      const isAllowed = [target, `${target} (${part})`, isType ? `${target} (types)` : target].some((way) =>
        allowed.includes(way),
      )
      if (!isAllowed && !isTest) return [`${file}: ${home} may not import ${pack}`]
    }
    if (walled[pack] && walled[pack] !== home) return [`${file}: only ${walled[pack]} may import ${pack}`]
    if (
      !declared.has(pack) &&
      !(isType && declared.has(`@types/${pack}`)) &&
      !(isTest && (testOnly.has(pack) || pack.startsWith("@aura/")))
    )
      return [`${file}: ${pack} is not declared in ${home}/package.json`]
    return []
  })
}

/** Tests, benches and build files look at the house from outside. */
function isOutside(file: string): boolean {
  return /\.test\.tsx?$|\/test\/|bench\.ts$|vite\.config\.ts$/.test(file)
}

function checkRelative(root: string, home: string, file: string, name: string): string[] {
  const target = relative(root, resolve(root, dirname(file), name))
  const isInside = target.startsWith(`${home}/`) || target.startsWith("scripts/")
  return isInside ? [] : [`${file}: ${name} leaves ${home}; import the package by its name`]
}

/** Inside a package, imports follow the arrows between its folders. */
function checkFolders(root: string, file: string, name: string): string[] {
  const base = Object.keys(folders).find((path) => file.startsWith(`${path}/`))
  const arrowsOf = base ? folders[base] : undefined
  if (!base || !arrowsOf || isOutside(file)) return []
  const target = relative(root, resolve(root, dirname(file), name))
  const [from, to] = [file, target].map((path) => folderOf(arrowsOf, path.slice(base.length + 1)))
  if (from === undefined || to === undefined || !target.startsWith(`${base}/`) || from.name === to.name)
    return []
  const allowed = arrowsOf[from.kind]
  if (!allowed) return [`${file}: check-layers knows no folder ${base}/${from.name}`]
  return allowed.includes(to.kind) ? [] : [`${file}: ${base}/${from.name} may not import ${to.name}`]
}

/** The folder a path lies in, and its kind in the table of arrows; undefined at the top. */
function folderOf(arrowsOf: Folders, path: string): { name: string; kind: string } | undefined {
  const [first = "", second = "", ...rest] = path.split("/")
  if (second === "") return undefined
  if (rest.length > 0 && arrowsOf[`${first}/*`]) return { name: `${first}/${second}`, kind: `${first}/*` }
  return { name: first, kind: first }
}

/** Rows are written in one place: the rules. */
function checkCommits(home: string, file: string, text: string): string[] {
  if (home === "packages/domain" || home === "packages/store" || home === "interface" || isOutside(file))
    return []
  return /\bstore\.commit\(/.test(text) ? [`${file}: only packages/domain may call store.commit()`] : []
}

function readDeclared(root: string, home: string): Set<string> {
  const file = JSON.parse(readFileSync(join(root, home, "package.json"), "utf8"))
  return new Set([...Object.keys(file.dependencies ?? {}), ...Object.keys(file.devDependencies ?? {})])
}

function readSources(root: string): Source[] {
  const files = globSync(["packages/**/*.ts", "apps/**/*.ts", "interface/**/*.{ts,tsx}"], {
    cwd: root,
    exclude: ["**/node_modules/**", "**/dist/**", "**/*.d.ts"],
  })
  return files.toSorted().map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }))
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const violations = findViolations(fileURLToPath(new URL("..", import.meta.url)))
  for (const line of violations) console.error(line)
  if (violations.length > 0) process.exitCode = 1
  else console.log("layers: every import follows the arrows")
}
