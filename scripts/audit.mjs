/** npm run audit: known weaknesses in what Aura installs. Fails on each without a written reason in audit-exceptions.json. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))

/**
 * @param text what `npm audit --json` printed
 * @param exceptions advisory (GHSA-…) → why it may stay
 * @returns {{ ok: boolean, lines: string[] }}
 */
export function judge(text, exceptions) {
  const report = parse(text)
  if (!report?.vulnerabilities)
    return { ok: true, lines: [`audit not available: ${report?.message ?? "npm gave no report"}`] }
  const found = new Map()
  for (const { via } of Object.values(report.vulnerabilities))
    for (const one of via)
      if (typeof one === "object") found.set(one.url?.split("/").at(-1) ?? String(one.source), one)
  const lines = [...found].map(([id, { name, severity, title }]) => {
    const reason = exceptions[id]
    return `${reason ? "except" : "FAIL  "}  ${id} ${name} (${severity}): ${title}${reason ? `. Stays: ${reason}` : ""}`
  })
  const unused = Object.keys(exceptions).filter((id) => !found.has(id))
  lines.push(
    ...unused.map(
      (id) => `FAIL    ${id} is excepted and found no more: take it out of audit-exceptions.json`,
    ),
  )
  const ok = lines.every((line) => !line.startsWith("FAIL"))
  return { ok, lines: lines.length > 0 ? lines : ["ok      no known weaknesses"] }
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { stdout } = spawnSync("npm", ["audit", "--json"], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  })
  const exceptions = JSON.parse(readFileSync(new URL("audit-exceptions.json", import.meta.url), "utf8"))
  const { ok, lines } = judge(stdout ?? "", exceptions)
  process.stdout.write(`${lines.join("\n")}\n`)
  process.exitCode = ok ? 0 : 1
}
