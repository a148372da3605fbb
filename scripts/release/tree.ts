/** Everything an installed Aura needs in one folder: its sources, the built interface, its packages, and a Node. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"

type Named = { name: string; type: string; exports?: Record<string, string> }

type Manifest = {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

const workspaces = ["core", "store", "model", "workspace", "domain", "engine"].map(
  (name) => `packages/${name}`,
)
const apps = ["server", "cli", "desktop"].map((name) => `apps/${name}`)

/** @param target made new */
export function layTree(root: string, target: string): void {
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  for (const file of ["package.json", "LICENSE", "README.md"]) cpSync(join(root, file), join(target, file))
  for (const home of [...workspaces, ...apps]) {
    cpSync(join(root, home), join(target, home), { recursive: true, filter: isProgram })
  }
  cpSync(join(root, "interface/dist"), join(target, "interface/dist"), { recursive: true })
  cpSync(join(root, "examples/rehearsal"), join(target, "examples/rehearsal"), { recursive: true })
  for (const folder of findPackages(root)) {
    cpSync(join(root, folder), join(target, folder), {
      recursive: true,
      filter: (path) => isOfThisMachine(path),
    })
  }
  for (const home of [...workspaces, ...apps]) layName(target, home)
  layNode(target)
  layCommands(target)
}

/** Sources without their tests. */
function isProgram(path: string): boolean {
  return !/(\/|\\)(test|node_modules|dist)$|\.test\.ts$|bench\.ts$/.test(path)
}

/**
 * Folders of all packages the program needs, found as Node finds them: in the nearest `node_modules` upwards. What is
 * optional and not here is for another system.
 */
export function findPackages(root: string): string[] {
  const found = new Set<string>()
  const follow = (home: string) => {
    const manifest: Manifest = JSON.parse(readFileSync(join(root, home, "package.json"), "utf8"))
    const wanted = {
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.peerDependencies,
    }
    for (const name of Object.keys(wanted)) {
      const folder = name.startsWith("@aura/") ? undefined : resolvePackage(root, home, name)
      if (!folder || found.has(folder)) continue
      found.add(folder)
      follow(folder)
    }
  }
  for (const home of [...workspaces, ...apps]) follow(home)
  // One inside another comes along with it.
  return [...found].filter((folder) => ![...found].some((other) => folder.startsWith(`${other}/`))).toSorted()
}

function resolvePackage(root: string, home: string, name: string): string | undefined {
  for (let folder = home; ; folder = dirname(folder)) {
    const candidate = join(folder === "." ? "" : folder, "node_modules", name).replaceAll("\\", "/")
    if (existsSync(join(root, candidate, "package.json"))) return candidate
    if (folder === ".") return undefined
  }
}

/** Libraries that are made for other systems stay behind. */
function isOfThisMachine(path: string): boolean {
  const prebuilt = /prebuilds[/\\]([a-z0-9]+-[a-z0-9]+)/.exec(path)?.[1]
  return prebuilt === undefined || prebuilt === `${process.platform}-${process.arch}`
}

/**
 * A workspace under its name: a package that hands on what the workspace has. No link, for not every archive and not
 * every system keeps one; and no copy, for Node runs no TypeScript inside of packages.
 */
function layName(target: string, home: string): void {
  const {
    name,
    type,
    exports = {},
  }: Named = JSON.parse(readFileSync(join(target, home, "package.json"), "utf8"))
  const found = Object.entries(exports).filter(([, file]) => existsSync(join(target, home, file)))
  const folder = join(target, "node_modules", name)
  mkdirSync(folder, { recursive: true })
  const files = found.map(([key, file], i) => {
    writeFileSync(join(folder, `${i}.js`), `export * from "../../../${home}/${file.replace("./", "")}"\n`)
    return [key, `./${i}.js`]
  })
  const manifest = { name, type, exports: Object.fromEntries(files) }
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest)}\n`)
}

function layNode(target: string): void {
  const name = process.platform === "win32" ? "node.exe" : "node"
  mkdirSync(join(target, "node"), { recursive: true })
  cpSync(process.execPath, join(target, "node", name), { dereference: true })
  chmodSync(join(target, "node", name), 0o755)
}

function layCommands(target: string): void {
  const programs = { aura: "apps/cli/src/main.ts", "aura-desktop": "apps/desktop/src/main.ts" }
  mkdirSync(join(target, "bin"))
  for (const [name, main] of Object.entries(programs)) {
    if (process.platform === "win32") {
      const lines = [
        "@echo off",
        `"%~dp0..\\node\\node.exe" --max-semi-space-size=2 -- "%~dp0..\\${main.replaceAll("/", "\\")}" %*`,
      ]
      writeFileSync(join(target, "bin", `${name}.cmd`), `${lines.join("\r\n")}\r\n`)
      continue
    }
    const text = `#!/bin/sh
# Runs Aura with the Node it came with.
here=$(PATH="/usr/bin:/bin:$PATH"; cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
# What is compiled once is kept with the user: this folder may belong to somebody else.
export NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE:-\${XDG_CACHE_HOME:-$HOME/.cache}/aura}"
exec "$here/node/node" --max-semi-space-size=2 -- "$here/${main}" "$@"
`
    writeFileSync(join(target, "bin", name), text, { mode: 0o755 })
  }
}

/** Size of a folder in bytes, links not followed. */
export function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
