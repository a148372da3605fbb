/** The life of one process: once it is over, nothing it began goes on, and nothing it asked for is done. */
import { commitTo, type Store, withCommit } from "@aura/store"
import type { Checkout, Git, Place, Workspace } from "@aura/workspace"

export type Life = {
  readonly isOver: boolean
  end(): void
  /** Does something unless life is over; whoever asked never hears of it when it is over by then. */
  live<T>(act: () => Promise<T>): Promise<T>
  /** The same, for what reaches the world outside: life may end just before and just after it. */
  reach<T>(what: string, act: () => Promise<T>): Promise<T>
}

const never = new Promise<never>(() => undefined)

export function createLife(onMoment: (what: string) => void, giveWay: () => Promise<void>): Life {
  let isOver = false
  async function live<T>(act: () => Promise<T>): Promise<T> {
    if (isOver) return await never
    try {
      const result = await act()
      return isOver ? await never : result
    } catch (cause) {
      if (isOver) return await never
      throw cause
    }
  }
  return {
    get isOver() {
      return isOver
    },
    end() {
      isOver = true
    },
    live,
    reach: async (what, act) => {
      onMoment(what)
      await giveWay()
      const result = await live(act)
      onMoment(`${what}, done`)
      await giveWay()
      return isOver ? await never : result
    },
  }
}

export function toMortalStore(store: Store, { live }: Life): Store {
  return {
    ...withCommit(store, (type, change) => live(() => commitTo(store, type, change))),
    get: (table, id) => live(() => store.get(table, id)),
    list: (table, where, page) => live(() => store.list(table, where, page)),
    eventsAfter: (after, options) => live(() => store.eventsAfter(after, options)),
    get head() {
      return store.head
    },
    get sealed() {
      return store.sealed
    },
    close: () => live(() => store.close()),
  }
}

export function toMortalPlace(place: Place, life: Life): Place {
  const { snapshots } = place
  return {
    root: place.root,
    workspace: toMortalWorkspace(place.workspace, life),
    snapshots: {
      take: (of) => life.reach("snapshot", () => snapshots.take(of)),
      preview: (snapshot) => life.live(() => snapshots.preview(snapshot)),
      restore: (snapshot) => life.reach("go back", () => snapshots.restore(snapshot)),
    },
    terminals: place.terminals,
    hostFiles: place.hostFiles,
    describeMachine: () => place.describeMachine(),
    check: () => life.live(() => place.check()),
    findGit: () => life.live(async () => toMortalGit(await found(place), life)),
    checkout: () => life.live(async () => toMortalCheckout(await place.checkout(), life)),
    prepare: () =>
      life.live(async () => {
        const { workspace, git, checkout, notes } = await place.prepare()
        return {
          workspace: toMortalWorkspace(workspace, life),
          git: toMortalGit(git, life),
          checkout: toMortalCheckout(checkout, life),
          notes,
        }
      }),
  }
}

async function found(place: Place): Promise<Git> {
  const git = await place.findGit()
  if (!git) throw new Error("the place has no repository")
  return git
}

function toMortalWorkspace(workspace: Workspace, { live, reach }: Life): Workspace {
  return {
    root: workspace.root,
    read: (path) => live(() => workspace.read(path)),
    readBytes: (path) => live(() => workspace.readBytes(path)),
    exists: (path) => live(() => workspace.exists(path)),
    write: (path, content, allow) => reach("write", () => workspace.write(path, content, allow)),
    remove: (path) => reach("remove", () => workspace.remove(path)),
    move: (path, to) => reach("move", () => workspace.move(path, to)),
    list: (path) => live(() => workspace.list(path)),
    run: (command, options) => reach("run", () => workspace.run(command, options)),
    search: workspace.search,
  }
}

function toMortalCheckout(checkout: Checkout, { live, reach }: Life): Checkout {
  return {
    folder: checkout.folder,
    reset: (tree) => live(() => checkout.reset(tree)),
    run: (command, options) => reach("run a check", () => checkout.run(command, options)),
    touched: () => live(() => checkout.touched()),
    keep: () => live(() => checkout.keep()),
    goBack: () => live(() => checkout.goBack()),
    remove: () => live(() => checkout.remove()),
  }
}

function toMortalGit(git: Git, { live, reach }: Life): Git {
  return {
    root: git.root,
    prefix: git.prefix,
    uncommitted: (tree, since) => live(() => git.uncommitted(tree, since)),
    filtered: (of) => live(() => git.filtered(of)),
    snapshot: () => live(() => git.snapshot()),
    headTree: () => live(() => git.headTree()),
    changes: (from, to) => live(() => git.changes(from, to)),
    added: (from, to) => live(() => git.added(from, to)),
    texts: (from, to, isWanted) => live(() => git.texts(from, to, isWanted)),
    read: (tree, path) => live(() => git.read(tree, path)),
    list: (tree) => live(() => git.list(tree)),
    withPaths: (tree, source, paths) => live(() => git.withPaths(tree, source, paths)),
    treeOf: (from, to, except) => live(() => git.treeOf(from, to, except)),
    commit: (from, to, options) => reach("commit", () => git.commit(from, to, options)),
    findCommit: (trailer) => live(() => git.findCommit(trailer)),
    rebase: (tree) => live(() => git.rebase(tree)),
    setAside: (base, name) => reach("set aside", () => git.setAside(base, name)),
    standing: (shas) => live(() => git.standing(shas)),
    forwardTo: (sha) => reach("forward", () => git.forwardTo(sha)),
    restore: (tree, paths) => reach("restore", () => git.restore(tree, paths)),
    committed: (path) => live(() => git.committed(path)),
    parentOf: (sha) => live(() => git.parentOf(sha)),
    diff: (from, to) => live(() => git.diff(from, to)),
    undo: (diff) => reach("undo", () => git.undo(diff)),
    blame: (path, line) => live(() => git.blame(path, line)),
    findHash: (prefix) => live(() => git.findHash(prefix)),
    describe: (sha) => live(() => git.describe(sha)),
    log: () => live(() => git.log()),
  }
}
