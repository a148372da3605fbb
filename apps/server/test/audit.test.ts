/** What the audit log of a whole run says, and to whom. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { AuditLine } from "@aura/core"
import { loadKeys, verifyAuditLog } from "@aura/domain"
import { describe, expect, it } from "vitest"
import { call, done, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"

const play = screenplayOf(
  specsScene("Core"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
  work("Make a", [
    {
      calls: [
        write("a.txt", "the body of a file"),
        call("run_command", { command: "echo the body of an output" }),
      ],
    },
    done(),
  ]),
)

describe("the audit log of a run", () => {
  it("names sign-ins, settings, every tool call, request and commit, and holds no bodies", async () => {
    const app = await testApp(play)
    await app.post("/api/auth/login", { email: "x@example.org", password: "guessed" }, { authorization: "" })
    await app.client.call("updateSettings", { body: { budgetUsd: 5 } })
    await app.client.call("setApiKey", { body: { key: "a-key-nobody-may-see" } })
    const project = await app.createProject()
    await app.runAll(project)
    await app.running.host.audit.settled()
    const lines: AuditLine[] = []
    for (let cursor: number | undefined; ; ) {
      const page = await app.client.call("listAudit", { query: { limit: 7, ...(cursor ? { cursor } : {}) } })
      lines.push(...page.items)
      if (page.next === null) break
      cursor = Number(page.next)
    }
    expect(lines.map((line) => line.n)).toEqual(Array.from(lines, (_, i) => lines.length - i))
    const facts = (kind: string) => lines.filter((line) => line.kind === kind).map((line) => line.facts)
    expect(facts("sign_in")[0]).toMatchObject({ via: "link", address: "127.0.0.1" })
    expect(facts("sign_in_refused")).toMatchObject([{ via: "password", address: "127.0.0.1" }])
    expect(facts("settings")).toMatchObject([{ budgetUsd: 5 }])
    expect(facts("api_key")).toMatchObject([{ status: "valid", place: "database" }])
    expect(facts("tool")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "write_file", path: "a.txt", changes: "added a.txt" }),
        expect.objectContaining({ name: "run_command", exitCode: 0, command: "echo the body of an output" }),
      ]),
    )
    expect(facts("model")[0]).toMatchObject({ requestId: expect.any(String), costUsd: expect.any(Number) })
    expect(facts("commit")).toMatchObject([{ commit: app.git("rev-parse", "HEAD") }])
    expect(facts("check")).toMatchObject([{ command: "test -s a.txt", exitCode: 0 }])
    const text = readFileSync(join(app.dataDir, "audit", "audit-000001.jsonl"), "utf8")
    for (const body of ["the body of a file", "guessed", "a-key-nobody-may-see", app.token])
      expect([body, text.includes(body)]).toEqual([body, false])
    const verdict = await verifyAuditLog(join(app.dataDir, "audit"), (await loadKeys(app.dataDir)).signing)
    expect(verdict).toEqual({ lines: lines.length, problem: null })
  })

  it("can be read over HTTP and by nothing written", async () => {
    const app = await testApp(play)
    for (const method of ["POST", "PUT", "DELETE"]) {
      const headers = { authorization: `Bearer ${app.token}` }
      const answer = await fetch(`${app.running.url}/api/audit`, { method, headers })
      expect([method, answer.status]).toEqual([method, 404])
    }
    expect((await fetch(`${app.running.url}/api/audit`)).status).toBe(401)
  })
})
