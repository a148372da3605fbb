/** What is handed over: a certificate that a clone alone is compared with, and a report for people. */
import { execFileSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Certificate } from "@aura/core"
import { certificates } from "@aura/domain"
import { verifyClone } from "@aura/engine"
import { findSandbox } from "@aura/workspace"
import { expect, it } from "vitest"
import { done, screenplayOf, specsScene, type TestApp, tasksScene, testApp, work, write } from "./_app.ts"

const requirements = "# Thing\n\n- It has a file a.txt\n- It has a file <b>b.txt</b> | c\n"

async function proven(): Promise<{ app: TestApp; certificate: Certificate; clone: string; p: string }> {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(
        { title: "Make a", checks: ["grep -q a a.txt"], requirements: ["R1"] },
        {
          title: "Make b & <i>more</i>",
          checks: ["grep -q b b.txt &&\ntest -s b.txt"],
          requirements: ["R2"],
        },
      ),
      work("Make a", [{ calls: [write("a.txt", "a\n")] }, done()]),
      work("Make b & <i>more</i>", [{ calls: [write("b.txt", "b\n")] }, done()]),
    ),
  )
  const { id: p, ...project } = await app.createProject({ requirements })
  await app.runAll({ id: p, ...project })
  const certificate = Certificate.parse(await app.client.call("getReport", { params: { p }, query: {} }))
  const clone = join(app.dataDir, "..", "clone")
  execFileSync("git", ["clone", "-q", app.workspace, clone])
  return { app, certificate, clone, p }
}

const commit = (dir: string, path: string, text: string) => {
  writeFileSync(join(dir, path), text)
  const git = (...args: string[]) => execFileSync("git", args, { cwd: dir })
  git("add", ".")
  git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", `change ${path}`)
}

it("certifies what was proven, and is verified from a clone alone, with its checks run again", async () => {
  const { certificate, clone } = await proven()
  expect(certificates.check(certificate).problems).toEqual([])
  const [first] = certificates.proofsIn(certificate)
  expect(first).toMatchObject({
    title: "Make a",
    facts: {
      place: "clean checkout",
      requirements: { R1: 1 },
      environment: { node: process.version },
      checks: [{ command: "grep -q a a.txt", exitCode: 0 }],
    },
  })
  const run = { sandbox: await findSandbox(false), onStart: () => undefined }
  const passed = [
    { command: "grep -q a a.txt", exitCode: 0 },
    { command: "grep -q b b.txt &&\ntest -s b.txt", exitCode: 0 },
  ]
  expect(await verifyClone({ dir: clone, certificate, run })).toEqual({
    proofs: 2,
    problems: [],
    notes: [],
    ran: passed,
  })
  // Without it, the commits themselves say what proved them.
  expect(await verifyClone({ dir: clone, run })).toEqual({ proofs: 2, problems: [], notes: [], ran: passed })
  commit(clone, "other.txt", "x\n")
  expect((await verifyClone({ dir: clone, certificate })).problems).toEqual([])
  commit(clone, "a.txt", "b\n")
  const spoilt = await verifyClone({ dir: clone, certificate, run })
  expect(spoilt.problems).toEqual([
    expect.stringMatching(/^a\.txt, proven by "Make a", was changed by commit .* which no proof is about\.$/),
    "grep -q a a.txt ends with exit code 1 on a clean checkout.",
  ])
}, 90_000)

it("sees commits that are gone or rewritten, and evidence that is not that of the commit", async () => {
  const { certificate, clone } = await proven()
  const git = (...args: string[]) => execFileSync("git", args, { cwd: clone, encoding: "utf8" })
  const message = git("log", "-1", "--format=%B")
  expect(message).toContain("Aura-Evidence: sha256:")
  // Other evidence, certified by whoever has a key, does not fit the commit.
  const { links, ...rest } = certificate
  const faked = links.map((link) =>
    link.fact.kind === "proof" ? { ...link, fact: { ...link.fact, digest: "0".repeat(64) } } : link,
  )
  expect((await verifyClone({ dir: clone, certificate: { ...rest, links: faked } })).problems).toEqual([
    expect.stringContaining('The evidence of "Make a" is not the one'),
    expect.stringContaining('The evidence of "Make b'),
  ])
  writeFileSync(join(clone, "b.txt"), "other\n")
  git("-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qa", "--amend", "-m", message)
  expect((await verifyClone({ dir: clone, certificate })).problems).toEqual([
    expect.stringMatching(/^Commit .* holds other files than those that were proven\.$/),
  ])
  git("reset", "-q", "--hard", "HEAD~1")
  expect((await verifyClone({ dir: clone, certificate })).problems).toEqual([
    expect.stringContaining("is not on this branch."),
  ])
  git("checkout", "-q", "--orphan", "other")
  commit(clone, "c.txt", "c\n")
  expect((await verifyClone({ dir: clone })).problems).toEqual([
    "No commit of this branch carries a proof of Aura's.",
  ])
  await expect(verifyClone({ dir: "/", certificate })).rejects.toMatchObject({ code: "bad_request" })
}, 60_000)

it("reports for people, as one page without anything from outside and as Markdown", async () => {
  const { app, p } = await proven()
  await app.client.call("createWaiver", {
    params: { p },
    body: { requirementId: "R1", reason: "<script>1</script>" },
  })
  const get = async (format: "html" | "markdown") =>
    await app.client.open("getReport", { params: { p }, query: { format } })
  const page = await get("html")
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8")
  expect(page.headers.get("content-disposition")).toContain("attachment")
  const html = await page.text()
  expect(html).toContain("Make b &amp; &lt;i&gt;more&lt;/i&gt;")
  expect(html).toContain("&lt;script&gt;1&lt;/script&gt;")
  expect(html).not.toMatch(/<script|<img|<link|src=|href=|url\(|@import|<b>|<i>/)
  expect(html).toContain("2 of 2 requirements are proven")
  const markdown = await (await get("markdown")).text()
  expect(markdown).toMatch(
    /\| R1 \| It has a file a.txt \| \*\*proven\*\* \| Make a \(done, [0-9a-f]{10}\) \| `grep -q a a.txt` \|/,
  )
  expect(markdown).not.toMatch(/<script|<i>|<b>/)
  expect(markdown).toContain("&lt;script&gt;")
  await expect(app.client.call("getReport", { params: { p: "nothing" }, query: {} })).rejects.toMatchObject({
    code: "not_found",
  })
}, 60_000)
