/** The current branch: its head and its commits. */
import type { Git } from "./git.ts"
import type { Repository } from "./repository.ts"

export type Branch = Pick<Git, "headTree" | "findCommit" | "standing"> & {
  /** On a branch without a commit: no sha and the empty tree. */
  head(): Promise<{ sha: string; tree: string }>
  /** The hashes that are commits of this repository. */
  existing(shas: readonly string[]): Promise<string[]>
  /** The commits that are not ancestors of another one. */
  notReachable(shas: readonly string[], from: string): Promise<string[]>
}

export function createBranch({ emptyTree, names, files }: Repository): Branch {
  async function head(): Promise<{ sha: string; tree: string }> {
    const read = async () => await names(["rev-parse", "HEAD", "HEAD^{tree}"])
    // Where there is a commit after all, it was made meanwhile.
    const said = await read().catch(async () => ((await isUnborn()) ? "" : await read()))
    const [sha = "", tree = ""] = said.split("\n")
    return tree ? { sha, tree } : { sha: "", tree: emptyTree }
  }

  /** True on a branch without a commit; a failure of git does not count as that. */
  async function isUnborn(): Promise<boolean> {
    const branch = await names(["symbolic-ref", "HEAD"])
    return (await names(["for-each-ref", "--count=1", branch], { isStrict: true })) === ""
  }

  async function existing(shas: readonly string[]): Promise<string[]> {
    const input = shas.map((sha) => `${sha}\n`).join("")
    const lines = (await files(["cat-file", "--batch-check=%(objectname) %(objecttype)"], { input })).split(
      "\n",
    )
    return lines.filter((line) => line.endsWith(" commit")).map((line) => line.slice(0, line.indexOf(" ")))
  }

  async function notReachable(shas: readonly string[], from: string): Promise<string[]> {
    if (shas.length === 0) return []
    const beyond = new Set((await names(["rev-list", ...shas, `^${from}`])).split("\n"))
    return shas.filter((sha) => beyond.has(sha))
  }

  /** A rebased or amended commit keeps the trailer that names its proof. */
  async function proofsOn(sha: string): Promise<ReadonlySet<string>> {
    if (sha === "") return new Set()
    const format = "--format=%(trailers:key=Aura-Proof,valueonly)"
    return new Set((await names(["log", format, sha])).split("\n").filter(Boolean))
  }

  async function proofOf(sha: string): Promise<string> {
    return (await names(["log", "-1", "--format=%(trailers:key=Aura-Proof,valueonly)", sha])).trim()
  }

  return {
    head,
    existing,
    notReachable,
    headTree: async () => (await head()).tree,
    async findCommit(trailer) {
      const { sha } = await head()
      if (sha === "") return undefined
      return (await names(["rev-list", "-n", "1", "--fixed-strings", `--grep=${trailer}`, sha])) || undefined
    },
    async standing(shas) {
      const branch = await names(["symbolic-ref", "--short", "HEAD"])
      const known = await existing(shas)
      const { sha } = await head()
      const left = sha === "" ? known : await notReachable(known, sha)
      const proofs = left.length === 0 ? new Set() : await proofsOn(sha)
      const missing = new Set(shas.filter((one) => !known.includes(one)))
      for (const one of left) {
        const proof = await proofOf(one)
        if (proof === "" || !proofs.has(proof)) missing.add(one)
      }
      return { branch, missing }
    },
  }
}
