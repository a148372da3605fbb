/** The repository of a folder behind a process of its own. */
import type { Git } from "../git/git.ts"
import type { Connection } from "./connection.ts"
import { methods } from "./protocol.ts"

export function createProcessGit({ call }: Connection, repository: Pick<Git, "root" | "prefix">): Git {
  const git: Git = {
    ...repository,
    snapshot: async () => await call(methods.snapshot, []),
    headTree: async () => await call(methods.headTree, []),
    changes: async (...args) => await call(methods.changes, args),
    added: async (...args) => await call(methods.added, args),
    async texts(from, to, isWanted) {
      const paths = (await git.changes(from, to)).map(({ path }) => path)
      return await call(methods.texts, [from, to, new Set(paths.filter(isWanted))])
    },
    read: async (...args) => await call(methods.readTree, args),
    list: async (...args) => await call(methods.listTree, args),
    commit: async (...args) => await call(methods.commit, args),
    withPaths: async (...args) => await call(methods.withPaths, args),
    treeOf: async (...args) => await call(methods.treeOf, args),
    findCommit: async (...args) => await call(methods.findCommit, args),
    rebase: async (...args) => await call(methods.rebase, args),
    setAside: async (...args) => await call(methods.setAside, args),
    standing: async (...args) => await call(methods.standing, args),
    forwardTo: async (...args) => await call(methods.forwardTo, args),
    uncommitted: async (...args) => await call(methods.uncommitted, args),
    filtered: async (...args) => await call(methods.filtered, args),
    restore: async (...args) => await call(methods.restore, args),
    committed: async (...args) => await call(methods.committed, args),
    parentOf: async (...args) => await call(methods.parentOf, args),
    diff: async (...args) => await call(methods.diff, args),
    undo: async (...args) => await call(methods.undo, args),
    blame: async (...args) => await call(methods.blame, args),
    findHash: async (...args) => await call(methods.findHash, args),
    describe: async (...args) => await call(methods.describe, args),
    log: async () => await call(methods.log, []),
  }
  return git
}
