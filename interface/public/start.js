// Applies the chosen theme and contrast before the first paint; without a choice the system's are followed.
try {
  const theme = localStorage.getItem("aura-theme")
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme
  if (localStorage.getItem("aura-contrast") === "more") document.documentElement.dataset.contrast = "more"
} catch {
  // Storage may be forbidden; then the system's are right.
}
