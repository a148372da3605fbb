/** Programs of the system that nothing in a project is to stand for: a check that runs `node` means the system's. */
const systemPrograms = new Set(
  `[ awk bash bun cargo cat cmake cmp corepack cp dash deno diff echo env false find git go gradle grep java javac just
  make mkdir mv mvn node nodejs nox npm npx perl php pip pip3 pnpm poetry printf pytest python python3 rm ruby rustc sed sh
  sort test tox true uv yarn zsh`.split(/\s+/),
)

export function isSystemProgram(name: string): boolean {
  return systemPrograms.has(name)
}

/** Whether a package.json depends on a package of this name, such as pnpm: its program is meant then. */
export function dependsOn(manifest: string, name: string): boolean {
  const sections = manifest.matchAll(/"(?:dev|optional|peer)?[dD]ependencies"\s{0,30}:\s{0,30}\{([^{}]*)\}/g)
  return [...sections].some(([, names = ""]) => names.includes(`"${name}"`))
}
