/** Light, dark, or as the system says; the choice stays on this device. */
import { create } from "zustand"

export type Theme = "system" | "light" | "dark"

const storageKey = "aura-theme"

export const useTheme = create<{ theme: Theme }>(() => ({ theme: readTheme() }))

export function chooseTheme(theme: Theme): void {
  useTheme.setState({ theme })
  if (theme === "system") {
    localStorage.removeItem(storageKey)
    delete document.documentElement.dataset.theme
  } else {
    localStorage.setItem(storageKey, theme)
    document.documentElement.dataset.theme = theme
  }
}

function readTheme(): Theme {
  const stored = localStorage.getItem(storageKey)
  return stored === "light" || stored === "dark" ? stored : "system"
}
