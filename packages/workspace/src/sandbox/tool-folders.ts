/** Tools outside the system's folders: what PATH names, and toolchains that live in the home directory. Never credentials. */
import { existsSync, realpathSync } from "node:fs"
import { basename, dirname, isAbsolute, join } from "node:path"
import { isWithin } from "../folder/folder.ts"

/** Beside a `bin` folder, what its programs need. */
const companions = ["lib", "lib64", "libexec", "include"]
/** Toolchains and packages by where they are kept in the home directory; their settings and keys are not among them. */
const inHome = [
  ".asdf",
  ".bun/bin",
  ".bun/install",
  ".cargo/git",
  ".cargo/registry",
  ".deno/bin",
  ".gradle/caches",
  ".gradle/wrapper",
  ".local/pipx",
  ".local/share/mise",
  ".local/share/pnpm",
  ".local/share/uv",
  ".m2/repository",
  ".nvm/versions",
  ".pyenv",
  ".rbenv",
  ".rustup",
  ".sdkman/candidates",
  ".volta",
  "go/pkg/mod",
]
const system = ["/usr", "/bin", "/sbin", "/lib", "/opt", "/nix/store"]

/** @returns absolute folders that exist, those of the system and of the workspace left out */
export function findToolFolders(path: string, home: string, root: string): string[] {
  const named = path
    .split(":")
    .flatMap((folder) => (isTools(folder, home, root) ? withCompanions(folder) : []))
  const kept = inHome.map((name) => join(home, name))
  return [...new Set([...named, ...kept])].filter((folder) => existsSync(folder))
}

function isTools(folder: string, home: string, root: string): boolean {
  if (!isAbsolute(folder) || isWithin(folder, root) || isWithin(root, folder)) return false
  // A folder above the home directory, or that itself, would show all that is in it.
  if (isWithin(home, folder) || folder === "/") return false
  // Links of one project's packages, which lead out of it.
  if (folder.endsWith("/node_modules/.bin")) return false
  return !system.some((known) => isWithin(folder, known))
}

function withCompanions(folder: string): string[] {
  const real = existsSync(folder) ? realpathSync(folder) : folder
  if (basename(real) !== "bin") return [folder]
  return [folder, ...companions.map((name) => join(dirname(real), name))]
}
