// Applies the chosen theme before the first paint; without a choice the system's is followed.
try {
  const theme = localStorage.getItem("aura-theme")
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden; then the system's theme is right.
}

// The schema library tries out `eval` at its start, which the content security policy reports; tell it not to.
globalThis.__zod_globalConfig = { jitless: true }
