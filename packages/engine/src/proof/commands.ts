/** The project's own build and test commands: the user's choice, else what the workspace shows. */
import type { Project } from "@aura/core"
import type { Git } from "@aura/workspace"
import { z } from "zod"

export type Command = { command: string; source: "task" | "build" | "test" }

const PackageJson = z.object({ scripts: z.record(z.string(), z.string()).optional() })
const noTest = /no test specified/

/** Where commands are looked for. */
export type Place = { list(): Promise<readonly string[]>; read(path: string): Promise<string> }

/**
 * Build first, then test; what is unknown is left out.
 * @param places the tree from before the work, then the one to be proven: what was there before is not read again
 */
export async function findCommands(
  places: readonly Place[],
  project: Pick<Project, "buildCommand" | "testCommand">,
): Promise<Command[]> {
  let build = project.buildCommand
  let test = project.testCommand
  for (const place of places) {
    if (build && test) break
    const found = await look(place)
    build ??= found.build ?? null
    test ??= found.test ?? null
  }
  return [
    ...(build ? [{ command: build, source: "build" } as const] : []),
    ...(test ? [{ command: test, source: "test" } as const] : []),
  ]
}

type Found = { build?: string; test?: string }

export function treePlace(git: Git, tree: string): Place {
  return { list: () => git.list(tree), read: async (path) => (await git.read(tree, path)) ?? "" }
}

async function look(place: Place): Promise<Found> {
  const names = new Set(await place.list())
  if (names.has("package.json")) {
    const found = fromPackage(await place.read("package.json"), names)
    if (found.build || found.test) return found
  }
  if (names.has("Cargo.toml")) return { build: "cargo build", test: "cargo test" }
  if (names.has("go.mod")) return { build: "go build ./...", test: "go test ./..." }
  if (["pytest.ini", "pyproject.toml", "setup.py", "setup.cfg", "tox.ini"].some((name) => names.has(name))) {
    if (names.has("tests") || names.has("test") || names.has("pytest.ini"))
      return { test: "python3 -m pytest -q" }
  }
  const makefile = ["Makefile", "makefile", "GNUmakefile"].find((name) => names.has(name))
  return makefile ? fromMakefile(await place.read(makefile)) : {}
}

function fromPackage(text: string, names: ReadonlySet<string>): Found {
  const scripts = parseScripts(text)
  const runner = names.has("pnpm-lock.yaml")
    ? "pnpm"
    : names.has("yarn.lock")
      ? "yarn"
      : names.has("bun.lock") || names.has("bun.lockb")
        ? "bun"
        : "npm"
  const hasTest = scripts.test !== undefined && !noTest.test(scripts.test)
  return {
    ...(scripts.build ? { build: `${runner} run build` } : {}),
    ...(hasTest ? { test: runner === "bun" ? "bun run test" : `${runner} test` } : {}),
  }
}

/** A package.json that is broken has no commands; the checks that need it will say so. */
function parseScripts(text: string): Record<string, string> {
  try {
    return PackageJson.safeParse(JSON.parse(text)).data?.scripts ?? {}
  } catch {
    return {}
  }
}

function fromMakefile(text: string): Found {
  const has = (target: string) => new RegExp(`^${target}\\s*:(?!=)`, "m").test(text)
  return { ...(has("build") ? { build: "make build" } : {}), ...(has("test") ? { test: "make test" } : {}) }
}
