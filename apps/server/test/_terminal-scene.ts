/** A terminal somebody works in beside an agent, with nothing of the machine in it: for baselines and for docs/terminal.png. */
import { execFileSync } from "node:child_process"
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { onTestFinished, vi } from "vitest"
import type { TestApp } from "./_app.ts"

const program = `const text = require("node:fs").readFileSync(process.argv[2], "utf8")
const counts = new Map()
for (const word of text.toLowerCase().match(/\\p{L}+/gu)) counts.set(word, (counts.get(word) ?? 0) + 1)
const top = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 5)
for (const [word, count] of top)
  console.log(word.padEnd(6), "\\x1b[34m" + "█".repeat(count) + "\\x1b[0m", count)
console.log("\\x1b[32m✔\\x1b[0m " + counts.size + " words, \\x1b[33m" + (text.match(/\\n/g) ?? []).length + " lines\\x1b[0m")
`
const text = `The river and the hill, the hill and the sky:
the sky is over the river, and the river is under it.
So the hill is between the two, and a road goes over it.
`
const commits = ["Set up the project", "Count the words of a file", "Order equal counts"]

/** Call before the app boots: its shells greet with the project's name alone. */
export function useOwnPrompt(): void {
  vi.stubEnv("SHELL", "/bin/bash")
  const prompt = "PS1='\\[\\e[32m\\]word-count\\[\\e[0m\\] $ '\nexport GIT_PAGER=cat\nset +o history\n"
  writeFileSync(join(process.env.HOME ?? "", ".bashrc"), prompt)
}

/** Files, commits, and a check that runs until the test has ended. */
export function fillFolder(app: TestApp, projectId: string): void {
  app.write("words.js", program)
  app.write("river.txt", text)
  app.write("package.json", '{ "private": true, "scripts": { "test": "sleep 600" } }\n')
  const identity = ["-c", "user.name=Aura", "-c", "user.email=aura@localhost"]
  const env = {
    ...process.env,
    GIT_AUTHOR_DATE: "2026-01-05T09:00Z",
    GIT_COMMITTER_DATE: "2026-01-05T09:00Z",
  }
  // Empty commits: their names are in the picture, and the same whatever else the folder holds.
  rmSync(join(app.workspace, ".git"), { recursive: true, force: true })
  app.git("init", "-q", "-b", "main")
  for (const message of commits)
    execFileSync("git", [...identity, "commit", "-q", "--allow-empty", "-m", message], {
      cwd: app.workspace,
      env,
    })
  const end = new AbortController()
  const place = { root: app.workspace, cwd: app.workspace, projectId, isOwn: true }
  const ran = app.running.host.custody.run("npm test", place, {
    timeoutMs: 600_000,
    signal: end.signal,
    by: "check",
  })
  onTestFinished(async () => {
    end.abort()
    await ran
  })
}

/** Opens a shell on the page of terminals and works in it. */
export async function workInIt(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Open a terminal" }).click()
  const rows = page.locator(".xterm-rows")
  await rows.getByText("word-count").first().waitFor()
  await page.locator(".xterm-helper-textarea").focus()
  await page.keyboard.type("git log --oneline\n")
  await rows.getByText("Set up the project").waitFor()
  await page.keyboard.type("node words.js river.txt\n")
  await rows.getByText("3 lines").waitFor()
}
