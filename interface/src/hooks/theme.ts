/** Light, dark, or as the system says, and how strong the contrast is; the choice stays on this device. */
import { create } from "zustand"

export type Theme = "system" | "light" | "dark"
export type Contrast = "system" | "more"

const themeKey = "aura-theme"
const contrastKey = "aura-contrast"

export const useTheme = create<{ theme: Theme; contrast: Contrast }>(() => ({
  theme: readTheme(),
  contrast: localStorage.getItem(contrastKey) === "more" ? "more" : "system",
}))

export function chooseTheme(theme: Theme): void {
  useTheme.setState({ theme })
  keep(themeKey, "theme", theme)
}

export function chooseContrast(contrast: Contrast): void {
  useTheme.setState({ contrast })
  keep(contrastKey, "contrast", contrast)
}

function keep(key: string, mark: "theme" | "contrast", value: string): void {
  if (value === "system") {
    localStorage.removeItem(key)
    delete document.documentElement.dataset[mark]
  } else {
    localStorage.setItem(key, value)
    document.documentElement.dataset[mark] = value
  }
}

function readTheme(): Theme {
  const stored = localStorage.getItem(themeKey)
  return stored === "light" || stored === "dark" ? stored : "system"
}
