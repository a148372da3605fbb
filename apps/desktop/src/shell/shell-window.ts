/** The native window as the rest of Aura sees it: all that would have to be written again for another library. */
import type { Place, Screen } from "../place.ts"

export type ShellWindow = {
  id: number
  load(url: string): void
  /** Where it is now. */
  address(): string
  /** Runs a script in the page. */
  run(script: string): void
  /** Resolves when the page answers; false: its process is gone. A page that hangs does not answer. */
  ping(): Promise<boolean>
  setTitle(title: string): void
  zoom(factor: number): void
  toggleFullScreen(): void
  isFullScreen(): boolean
  /** Brings it in front of all others. */
  focus(): void
  place(): Place
  screens(): Screen[]
  close(): void
}

/** What a window tells. */
export type WindowEvents = {
  /** The page that was there is gone, another one is on its way. */
  loading(): void
  focused(): void
  closing(): void
  /** The page's title. */
  titled(title: string): void
  moved(): void
  /** What the page sent over its channel. */
  said(text: string): void
  /** @returns true when the page may go there */
  mayGo(url: string): boolean
  wantsNew(url: string): void
}

export type WindowOptions = {
  url: string
  /** Given the screens there are, where it opens. */
  place(screens: readonly Screen[]): Place | undefined
  /** Runs in each page before its own scripts. */
  preload: string
}

/** All windows of the process. */
export type Shell = {
  open(options: WindowOptions, events: WindowEvents): ShellWindow
  /** For the windows that are opened from then on; what is chosen is meant for the one in front. */
  setMenu(entries: readonly MenuEntry[], onChoice: (id: string) => void): void
  /** All windows in the dark, or as the web view finds the system. */
  darken(isDark: boolean): void
  notify(title: string, body: string, onClick: () => void): void
  exit(): void
}

/** A menu as data. `role`: what the system does by itself. */
export type MenuEntry = {
  id?: string
  label?: string
  accelerator?: string
  role?: string
  submenu?: { items: MenuEntry[] }
}
