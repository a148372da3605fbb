/** Which files are open, in order. One that was only looked at gives its place to the next. Pure. */

export type Tab = {
  path: string
  /** False while it was only looked at. */
  pinned: boolean
}

/** @param isHeld true for a path with unsaved work, which never gives its place away */
export function openTab(
  tabs: readonly Tab[],
  path: string,
  pinned: boolean,
  isHeld: (path: string) => boolean,
): readonly Tab[] {
  const known = tabs.find((tab) => tab.path === path)
  if (known) return pinned && !known.pinned ? pinTab(tabs, path) : tabs
  const at = tabs.findIndex((tab) => !tab.pinned && !isHeld(tab.path))
  return at < 0 ? [...tabs, { path, pinned }] : tabs.with(at, { path, pinned })
}

export function pinTab(tabs: readonly Tab[], path: string): readonly Tab[] {
  return tabs.map((tab) => (tab.path === path && !tab.pinned ? { path, pinned: true } : tab))
}

export function closeTab(tabs: readonly Tab[], path: string): readonly Tab[] {
  return tabs.filter((tab) => tab.path !== path)
}

/** What is shown once a tab is closed: its right neighbour, else its left one. */
export function neighbour(tabs: readonly Tab[], path: string): string | undefined {
  const at = tabs.findIndex((tab) => tab.path === path)
  return (tabs[at + 1] ?? tabs[at - 1])?.path
}

/** The tab so many places further, around the ends. */
export function stepTab(tabs: readonly Tab[], path: string | undefined, by: 1 | -1): string | undefined {
  const at = tabs.findIndex((tab) => tab.path === path)
  return tabs.at((at + by) % tabs.length)?.path
}

/** Files that were moved, alone or with their folder, keep their tabs. */
export function moveTabs(tabs: readonly Tab[], from: string, to: string): readonly Tab[] {
  return tabs.map((tab) => ({ ...tab, path: movePath(tab.path, from, to) }))
}

export function movePath(path: string, from: string, to: string): string {
  if (path === from) return to
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : path
}

/** @param stored what this device remembers; anything else is no tab */
export function parseTabs(stored: string | null): readonly Tab[] {
  try {
    const read: unknown = JSON.parse(stored ?? "[]")
    if (!Array.isArray(read)) return []
    return read.flatMap((one: unknown) =>
      typeof one === "object" && one !== null && "path" in one && typeof one.path === "string"
        ? [{ path: one.path, pinned: !("pinned" in one) || one.pinned === true }]
        : [],
    )
  } catch {
    return []
  }
}

/** Names of tabs: the file's, with the folder where two would be the same. */
export function nameTabs(tabs: readonly Tab[]): { path: string; name: string; folder: string }[] {
  const names = tabs.map(({ path }) => path.slice(path.lastIndexOf("/") + 1))
  return tabs.map(({ path }, i) => {
    const name = names[i] ?? path
    const isTwice = names.filter((other) => other === name).length > 1
    const above = path.slice(0, Math.max(0, path.length - name.length - 1))
    return { path, name, folder: isTwice ? above.slice(above.lastIndexOf("/") + 1) || "." : "" }
  })
}
