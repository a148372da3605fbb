/** The files that are open in a project's editor, remembered on this device; the one on screen is in the address. */
import { getRouteApi } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import type { IdeSearch } from "../ide.logic.ts"
import {
  closeTab,
  movePath,
  moveTabs,
  neighbour,
  openTab,
  parseTabs,
  pinTab,
  type Tab,
} from "./tabs.logic.ts"

const address = getRouteApi("/ide")

type Place = { [K in keyof Omit<IdeSearch, "project">]: IdeSearch[K] | undefined }

export type OpenFiles = {
  tabs: readonly Tab[]
  shown: string | undefined
  /** How often a file was asked for. */
  asks: number
  /** Puts a file on screen. @param more where in it, and how */
  show(path: string, more?: { pins?: boolean; line?: number; view?: "diff"; follows?: boolean }): void
  /** Goes along with the agent, or stays. */
  follow(isOn: boolean): void
  pin(path: string): void
  close(path: string): void
  /** A file or folder has another path now. */
  move(from: string, to: string): void
}

export function useOpenFiles(projectId: string, isUnsaved: (path: string) => boolean): OpenFiles {
  const search = address.useSearch()
  const navigate = address.useNavigate()
  const key = `aura-open-${projectId}`
  const [tabs, setTabs] = useState(() => parseTabs(localStorage.getItem(key)))
  const [asks, setAsks] = useState(0)
  const shown = search.path
  useEffect(() => {
    localStorage.setItem(key, JSON.stringify(tabs))
  }, [key, tabs])

  // biome-ignore lint/correctness/useExhaustiveDependencies: each time the address names another file
  useEffect(() => {
    if (shown !== undefined) setTabs((before) => openTab(before, shown, false, isUnsaved))
    else if (tabs[0]) go({ path: tabs[0].path }, true)
  }, [shown])

  function go({ path, line, view, follow }: Place, replace: boolean): void {
    void navigate({
      search: {
        project: projectId,
        ...(path === undefined ? {} : { path }),
        ...(line === undefined ? {} : { line }),
        ...(view === undefined ? {} : { view }),
        ...(follow === undefined ? {} : { follow }),
      },
      replace,
    })
  }

  return {
    tabs,
    shown,
    asks,
    show(path, { pins = false, line, view, follows = false } = {}) {
      setAsks((before) => before + 1)
      setTabs((before) => openTab(before, path, pins, isUnsaved))
      go({ path, line, view, ...(follows ? { follow: "on" } : {}) }, path === shown)
    },
    follow: (isOn) => go({ ...search, follow: isOn ? "on" : undefined }, true),
    pin: (path) => setTabs((before) => pinTab(before, path)),
    close(path) {
      if (path === shown) go({ path: neighbour(tabs, path), follow: search.follow }, true)
      setTabs((before) => closeTab(before, path))
    },
    move(from, to) {
      setTabs((before) => moveTabs(before, from, to))
      if (shown !== undefined) go({ path: movePath(shown, from, to), view: search.view }, true)
    },
  }
}
