/** npm run dev: the server on 3100, started again when its code changes, and Vite on 5173 in front of it. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const port = process.env.AURA_FRONTEND_PORT || "5173"
const url = `http://localhost:${port}`
const server = ["--watch-path=packages", "--watch-path=apps", "apps/cli/src/main.ts", "serve"]
const children = [
  spawn(process.execPath, server, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, AURA_DEV_URL: url },
  }),
  spawn(
    "npx",
    ["vite", "--host", process.env.AURA_FRONTEND_HOST || "localhost", "--port", port, "--strictPort"],
    { cwd: `${root}/interface`, stdio: "inherit" },
  ),
]
for (const child of children) {
  child.on("exit", (code) => {
    for (const other of children) other.kill("SIGTERM")
    process.exitCode = code ?? 0
  })
}
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => children.forEach((child) => void child.kill(signal)))
