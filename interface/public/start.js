// Applies the chosen theme before the first paint; without a choice the system's is followed.
try {
  const theme = localStorage.getItem("aura-theme")
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme
} catch {
  // Storage may be forbidden; then the system's theme is right.
}
