/** The menu bar, as data: the platform's own shortcuts, and its own entries where it has them. */
import type { MenuEntry } from "./shell-window.ts"

const separator: MenuEntry = { role: "separator" }

/**
 * @param platform elsewhere than on a Mac the web view itself listens for the keys of editing, and an accelerator in the
 * menu would take them away from the page; there the entries name no key of their own. Nor do those whose keys mean
 * something in a terminal: the page has its say first (page.ts).
 */
export function makeMenu(platform: NodeJS.Platform): MenuEntry[] {
  const isMac = platform === "darwin"
  const pageFirst = (accelerator: string) => (isMac ? { accelerator } : {})
  const edit = isMac
    ? ["undo", "redo", "separator", "cut", "copy", "paste", "selectAll"].map((role) => ({ role }))
    : [
        { id: "undo", label: "Undo" },
        { id: "redo", label: "Redo" },
        separator,
        { id: "cut", label: "Cut" },
        { id: "copy", label: "Copy" },
        { id: "paste", label: "Paste" },
        { id: "selectAll", label: "Select all" },
      ]
  return [
    menu("Aura", [
      { id: "newWindow", label: "New window", accelerator: "CmdOrCtrl+Shift+N" },
      { id: "settings", label: "Settings…", accelerator: "CmdOrCtrl+," },
      separator,
      { id: "closeWindow", label: "Close window", ...pageFirst("Cmd+W") },
      { id: "quit", label: "Quit Aura", accelerator: "CmdOrCtrl+Q" },
    ]),
    menu("Edit", edit),
    menu("View", [
      { id: "reload", label: "Reload", ...pageFirst("Cmd+R") },
      separator,
      { id: "zoomIn", label: "Zoom in", accelerator: "CmdOrCtrl+=" },
      { id: "zoomOut", label: "Zoom out", accelerator: "CmdOrCtrl+-" },
      { id: "zoomReset", label: "Actual size", accelerator: "CmdOrCtrl+0" },
      separator,
      { id: "fullScreen", label: "Full screen", accelerator: isMac ? "Ctrl+Cmd+F" : "F11" },
    ]),
  ]
}

function menu(label: string, items: MenuEntry[]): MenuEntry {
  return { label, submenu: { items } }
}

/** One size smaller, the page's own, one size bigger. */
export type Step = -1 | 0 | 1

const steps = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3]

/** The next size of the page; `by` 0 is its own. */
export function nextZoom(now: number, by: Step): number {
  if (by === 0) return 1
  const bigger = steps.find((step) => step > now + 0.001) ?? now
  const smaller = steps.findLast((step) => step < now - 0.001) ?? now
  return by === 1 ? bigger : smaller
}
