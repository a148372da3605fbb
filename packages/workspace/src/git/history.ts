/** Reads commits: committed texts, diffs, the author of a line, and messages with their trailers. */
import { relative, sep } from "node:path"
import { AuraError } from "@aura/core"
import { resolveInside } from "../folder/inside.ts"
import type { Git } from "./git.ts"
import { splitDiff } from "./raw-diff.ts"
import type { Repository } from "./repository.ts"
import type { Trees } from "./trees.ts"

/** A commit and its trailers; "" for a missing trailer. */
export type LoggedCommit = {
  sha: string
  tree: string
  subject: string
  body: string
  taskId: string
  proof: string
  evidence: string
  /** Paths from the top of the repository. */
  files: string[]
}

type History = Pick<
  Git,
  "committed" | "parentOf" | "diff" | "undo" | "blame" | "findHash" | "describe" | "log"
>

const maxTextBytes = 10 * 1024 * 1024

export function createHistory(repository: Repository, { compare }: Trees): History {
  const { root, top, emptyTree, names, files } = repository

  return {
    async committed(path) {
      const absolute = await resolveInside(root, path)
      const name = relative(top, absolute).split(sep).join("/")
      const sha = await names(["rev-parse", "--verify", "-q", `HEAD:${name}`]).catch(() => "")
      if (sha === "") return null
      const kind = await names(["cat-file", "-t", sha])
      if (kind !== "blob") throw new AuraError("bad_request", `${path} is a folder in the last commit.`)
      if (Number(await names(["cat-file", "-s", sha])) > maxTextBytes)
        throw new AuraError("bad_request", `${path} is larger than 10 MB in the last commit.`)
      const text = await names(["cat-file", "blob", sha], { isText: true })
      if (text.slice(0, 8000).includes("\0"))
        throw new AuraError("bad_request", `${path} is no text in the last commit.`)
      return text
    },
    parentOf: async (sha) => await names(["rev-parse", "--verify", "-q", `${sha}^`]).catch(() => emptyTree),
    async diff(from, to) {
      const options = ["--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"]
      const [changes, text] = await Promise.all([
        compare(from, to),
        files(["diff-tree", "-r", "-p", ...options, from, to]),
      ])
      const parts = splitDiff(text)
      return changes.map(({ path, op, additions, deletions }, i) => ({
        path,
        op,
        additions,
        deletions,
        text: (parts[i] ?? "").replace(/\n$/, ""),
      }))
    },
    async undo(diff) {
      const args = ["apply", "--reverse", "--whitespace=nowarn", "-"]
      await files(args, { cwd: top, input: `${diff}\n` })
    },
    async blame(path, line) {
      const head = await names(["rev-parse", "--verify", "-q", "HEAD"]).catch(() => "")
      // Through Aura's own git directory: no program that the repository names is run.
      const args = ["blame", "--line-porcelain", `-L${line},${line}`, head, "--", path]
      const told = await files(args, { cwd: root }).catch(() => undefined)
      const rows = told?.split("\n")
      return (
        rows && {
          sha: rows[0]?.split(" ")[0] ?? "",
          text: rows.find((row) => row.startsWith("\t"))?.slice(1) ?? "",
        }
      )
    },
    async findHash(prefix) {
      return await names(["rev-parse", "--verify", "-q", `${prefix}^{commit}`]).catch(() => undefined)
    },
    async describe(sha) {
      const format = "--format=%(trailers:key=Aura-Task,valueonly)%x00%an%x00%s"
      const told = await names(["log", "-1", format, sha])
      const [taskId = "", author = "", subject = ""] = told.split("\0").map((text) => text.trim())
      return { taskId, author, subject }
    },
    log: async () => await readLog(names),
  }
}

/** Messages and paths cannot contain NUL, so nothing in them can forge a commit. */
async function readLog(names: Repository["names"]): Promise<LoggedCommit[]> {
  const order = ["log", "--topo-order", "--reverse", "-z"]
  const trailer = (key: string) => `%(trailers:key=${key},valueonly,separator=%x20)`
  const fields = ["%H", "%T", "%s", "%B", ...["Aura-Task", "Aura-Proof", "Aura-Evidence"].map(trailer)]
  const text = await names([...order, `--format=${fields.join("%x00")}`, "HEAD"]).catch(() => "")
  const parts = text.split("\0")
  const commits: LoggedCommit[] = []
  for (let at = 0; at + fields.length <= parts.length; at += fields.length) {
    const [sha = "", tree = "", subject = "", body = "", taskId = "", proof = "", evidence = ""] =
      parts.slice(at)
    const said = { taskId: taskId.trim(), proof: proof.trim(), evidence: evidence.trim() }
    commits.push({ sha, tree, subject, body, ...said, files: [] })
  }
  const named = await names([
    ...order,
    "--diff-merges=combined",
    "--no-renames",
    "--name-only",
    "--format=%H",
    "HEAD",
  ]).catch(() => "")
  let next = 0
  for (const part of named.split("\0")) {
    const name = part.replace(/^\n/, "")
    if (name === commits[next]?.sha) next += 1
    else if (name !== "") commits[next - 1]?.files.push(name)
  }
  return commits
}
