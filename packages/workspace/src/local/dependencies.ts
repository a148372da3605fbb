/** Installed dependencies: ignored folders of a workspace that a clone gets by an install, and a clean checkout gets too. */
import { lstat, readdir, readFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { toPath } from "../byte-path.ts"
import { dependsOn, isSystemProgram } from "../system-programs.ts"

const python = [
  "pyproject.toml",
  "requirements.txt",
  "setup.py",
  "setup.cfg",
  "Pipfile",
  "poetry.lock",
  "uv.lock",
]
/** The files that list what is installed, by the name of the folder. */
const manifests: Readonly<Record<string, readonly string[]>> = {
  node_modules: ["package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"],
  ".venv": python,
  venv: python,
  vendor: ["composer.json", "go.mod", "Gemfile"],
  Pods: ["Podfile"],
  deps: ["mix.exs"],
}

/** Caches below a home directory from which package managers install and build without a network. */
export const packageCaches = [
  ".cargo/registry",
  ".cargo/git",
  ".npm/_cacache",
  ".cache/pip",
  ".cache/uv",
  ".cache/go-build",
  ".cache/ms-playwright",
  ".cache/yarn",
  "go/pkg/mod",
  ".m2/repository",
  ".gradle/caches",
  ".local/share/pnpm/store",
  ".rustup",
]

/**
 * @param ignored paths from the workspace that git ignores; those of folders end with a slash
 * @param checkout the folder with the tree's files: only dependencies that the tree declares are used
 * @returns folders of dependencies, by their paths from the workspace
 */
export async function findDependencies(ignored: readonly string[], checkout: string): Promise<string[]> {
  const folders = ignored.filter((path) => path.endsWith("/")).map((path) => path.slice(0, -1))
  const found = await Promise.all(
    folders.map(async (path) => {
      const names = manifests[basename(path)]
      if (!names) return []
      const places = [...new Set([dirname(path), "."])]
      for (const place of places)
        for (const name of names) if (await exists(join(checkout, place, name))) return [path]
      const isListed =
        basename(path) === "node_modules" &&
        (await listsPackages(join(checkout, dirname(path), "package.json")))
      return isListed ? [path] : []
    }),
  )
  return found.flat()
}

async function listsPackages(path: string): Promise<boolean> {
  const text = await readFile(toPath(path), "utf8").catch(() => "")
  return /"(?:dev|optional|peer)?[dD]ependencies"\s*:\s*\{\s*"/.test(text)
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(toPath(path)).catch(() => undefined)) !== undefined
}

/** Programs in a folder of packages that would shadow the system's. */
export async function findShadows(packages: string): Promise<string[]> {
  const bin = join(packages, ".bin")
  const names = await readdir(bin).catch(() => [])
  const manifest = await readFile(join(dirname(packages), "package.json"), "utf8").catch(() => "")
  // A project may depend on a package of that name, such as pnpm.
  return names
    .filter((name) => isSystemProgram(name) && !dependsOn(manifest, name))
    .map((name) => join(bin, name))
}
