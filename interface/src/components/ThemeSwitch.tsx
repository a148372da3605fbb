/** Light, dark, or as the system says; and how strong the contrast is. */

import { chooseContrast, chooseTheme, type Theme, useTheme } from "../hooks/theme.ts"
import { cx } from "./cx.ts"

const themes: readonly { theme: Theme; word: string }[] = [
  { theme: "system", word: "As the system" },
  { theme: "light", word: "Light" },
  { theme: "dark", word: "Dark" },
]

export function ThemeSwitch() {
  const { theme, contrast } = useTheme()
  return (
    <>
      <fieldset className="flex w-fit gap-0.5 rounded-lg bg-sunken p-0.5">
        <legend className="sr-only">Theme</legend>
        {themes.map((choice) => (
          <label
            key={choice.theme}
            className={cx(
              "cursor-pointer rounded-md px-3 py-1 text-sm has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:py-2",
              choice.theme === theme
                ? "bg-raised text-ink ring-1 ring-line-strong"
                : "text-ink-2 hover:text-ink",
            )}
          >
            <input
              type="radio"
              name="theme"
              className="sr-only"
              checked={choice.theme === theme}
              onChange={() => chooseTheme(choice.theme)}
            />
            {choice.word}
          </label>
        ))}
      </fieldset>
      <label className="mt-3 flex w-fit cursor-pointer items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={contrast === "more"}
          onChange={(event) => chooseContrast(event.target.checked ? "more" : "system")}
        />
        High contrast
      </label>
    </>
  )
}
