/** Held-out checks, the whole-product proof and the independent review: who sees what, what counts, and when it ends. */
import { Certificate } from "@aura/core"
import { certificates, feed, heldOut } from "@aura/domain"
import { verifyClone } from "@aura/engine"
import { findSandbox } from "@aura/workspace"
import { describe, expect, it } from "vitest"
import {
  call,
  done,
  screenplayOf,
  specsScene,
  type TestApp,
  tasksScene,
  testApp,
  work,
  write,
} from "./_app.ts"

const title = "Implement add"
const requirements = "# Sum\n\n- `node add.js A B` prints the sum of A and B\n"
const task = { title, checks: ['test "$(node add.js 1 2)" = 3'], requirements: ["R1"] }
const right = "console.log(Number(process.argv[2]) + Number(process.argv[3]))\n"
const hardCoded = "console.log(3)\n"

const secret = "held-out-secret-4711"
const heldOutCheck = {
  requirement: "R1",
  title: "It adds any two numbers",
  command: "node acceptance/sum.mjs",
  failure_says: "For 20 and 22 it should print 42.",
  files: [
    {
      path: "acceptance/sum.mjs",
      content: `// ${secret}
import { execFileSync } from "node:child_process"
const out = execFileSync("node", ["add.js", "20", "22"], { encoding: "utf8" })
if (out.trim() !== "42") { console.error("${secret}"); process.exit(1) }
`,
    },
  ],
}
const checksScene = (...checks: object[]) => ({
  when: { phase: "checks" },
  replies: [{ calls: checks.map((input) => ({ tool: "create_check", input })) }, { text: "Done." }],
})
const productScene = (replies: object[], when: object = {}) => ({
  when: { phase: "product", ...when },
  replies,
})
const reviewScene = (replies: object[], when: object = {}) => ({
  when: { phase: "review", ...when },
  replies,
})
const proven = {
  calls: [call("report_proven", { requirement: "R1", how: 'test "$(node add.js 5 6)" = 11' })],
}
const failure = call("report_failure", {
  requirement: "R1",
  what: "node add.js 5 6",
  expected: "11",
  seen: "3",
  command: 'test "$(node add.js 5 6)" = 11',
})

async function open(app: TestApp, settings: object) {
  const project = await app.createProject({ requirements, ...settings })
  await app.runAll(project)
  const params = { p: project.id }
  const { items } = await app.client.call("listTasks", { params, query: {} })
  const { loop } = await app.client.call("getLoop", { params })
  expect(loop?.outcome, loop?.reason ?? "").not.toBe("refused")
  return { project, params, items, loop }
}

describe("held-out checks", { timeout: 60_000 }, () => {
  it("catch an output that is written into the program, and tell the agent behaviour alone", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene(task),
        checksScene(heldOutCheck),
        work(title, [
          { calls: [write("add.js", hardCoded)] },
          done(),
          {
            expect: { contains: ["Not accepted", "R1", "It adds any two numbers", "20 and 22"] },
            calls: [write("add.js", right)],
          },
          done(),
        ]),
      ),
    )
    const { items, loop, params } = await open(app, { heldOut: "on", productProof: "off" })
    expect(loop).toMatchObject({ outcome: "done" })
    expect(items[0]).toMatchObject({ status: "done", attempts: 1 })
    expect(items[0]?.evidence?.heldOut).toMatchObject([{ requirementId: "R1", title: heldOutCheck.title }])
    const certificate = Certificate.parse(await app.client.call("getReport", { params, query: {} }))
    expect(certificates.check(certificate).problems).toEqual([])
    expect(certificates.proofsIn(certificate)[0]?.facts.heldOut).toMatchObject([
      { requirementId: "R1", checkDigest: heldOut.digest(heldOutCheck) },
    ])
    expect(JSON.stringify(certificate)).not.toMatch(/acceptance\/sum|held-out-secret/)
    const heard = app.model.requests.map((request) => JSON.stringify(request))
    const worked = heard.filter((body) => body.includes('"task_done"'))
    expect(worked.length).toBeGreaterThan(3)
    for (const body of worked) expect(body).not.toMatch(/acceptance\/sum|held-out-secret/)
    const { items: views } = await app.client.call("listHeldOut", { params, query: {} })
    expect(views).toMatchObject([{ status: "active", result: { passed: true } }])
    expect(JSON.stringify((await app.events()).map(feed.toShared))).not.toContain(secret)
    expect(app.git("log", "--all", "--format=%B")).not.toMatch(/acceptance|held/)
  })

  it("let an honest program pass, with no further calls", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene(task),
        checksScene(heldOutCheck),
        work(title, [{ calls: [write("add.js", right)] }, done()]),
      ),
    )
    const { project, loop } = await open(app, { heldOut: "on", productProof: "off" })
    expect(loop).toMatchObject({ outcome: "done" })
    // Specs and tasks two each, the checks two, the work two.
    expect(app.model.requests).toHaveLength(8)
    await app.client.call("startLoop", { params: { p: project.id }, body: {} }).catch(() => undefined)
    await app.idle()
    expect(app.model.requests).toHaveLength(8)
  })

  it("cannot be found by the agent: not in folders, the environment, processes or git's objects", async () => {
    const run = (command: string) => ({ calls: [call("run_command", { command })] })
    const hunt = [
      `grep -rIl 'held.out.[s]ecret' . .. ../.. /tmp /var/tmp "$HOME" /run /dev/shm 2>/dev/null | head -3; echo end`,
      `env | grep -i 'held.out.[s]ecret'; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -a 'held.out.[s]ecret'; ls /proc/[0-9]*/cwd/acceptance 2>/dev/null; echo end`,
      `git cat-file --batch-all-objects --batch 2>/dev/null | grep -ac 'held.out.[s]ecret'; git log --all --format=%B | grep -ic accept; echo end`,
      `find .. ../.. /tmp /var /home /root /run -maxdepth 4 -name 'sum.m[j]s' 2>/dev/null; ls -d ../data ../../data 2>/dev/null; echo end`,
    ]
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene(task),
        checksScene(heldOutCheck),
        work(title, [
          { calls: [write("add.js", hardCoded)] },
          done(),
          ...hunt.map(run),
          {
            calls: [
              call("search_code", { pattern: "held.out.secret" }),
              call("find_files", { pattern: "**/sum*" }),
            ],
          },
          { calls: [call("list_requirements"), call("get_task", { task: title })] },
          { calls: [write("add.js", right)] },
          done(),
        ]),
      ),
    )
    const { items, params } = await open(app, { heldOut: "on", productProof: "off" })
    expect(items[0]).toMatchObject({ status: "done" })
    const { entries } = await app.client.call("getTaskOutput", {
      params: { ...params, t: items[0]?.id ?? "" },
    })
    const outputs = entries.flatMap((entry) => (entry.kind === "tool" ? [entry.output] : []))
    expect(outputs.filter((text) => text.includes("end"))).toHaveLength(hunt.length)
    for (const output of outputs) expect(output).not.toMatch(/sum\.mjs|held-out-secret|acceptance\//)
    // git knows no object with it, and no commit speaks of it.
    expect(outputs.filter((text) => text.startsWith("exit code 0\n0\n0\nend"))).toHaveLength(1)
  })

  it("are dropped when they pass before any work, or cannot fail", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene(task),
        checksScene(
          { ...heldOutCheck, title: "Passes", command: "test -d .", files: [] },
          { ...heldOutCheck, title: "Cannot fail", command: "node acceptance/sum.mjs || true" },
          { ...heldOutCheck, title: "Tells", failure_says: "acceptance/sum.mjs fails" },
          { ...heldOutCheck, title: "Other", requirement: "R9" },
          heldOutCheck,
        ),
        work(title, [{ calls: [write("add.js", right)] }, done()]),
      ),
    )
    const { params } = await open(app, { heldOut: "on", productProof: "off" })
    const { items } = await app.client.call("listHeldOut", { params, query: {} })
    expect(items.map((row) => [row.title, row.status])).toEqual([
      ["Passes", "dropped"],
      ["Cannot fail", "dropped"],
      [heldOutCheck.title, "active"],
    ])
  })

  it("are discarded by a person, with a reason, where they contradict the requirement", async () => {
    const wrong = {
      ...heldOutCheck,
      title: "It multiplies",
      failure_says: "For 20 and 22 it should print 440.",
      files: heldOutCheck.files.map((file) => ({ ...file, content: file.content.replace('"42"', '"440"') })),
    }
    const again = Array.from({ length: 3 }, () => done())
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene(task),
        checksScene(wrong),
        work(title, [{ calls: [write("add.js", right)] }, ...again]),
      ),
    )
    const { project, items, params } = await open(app, { heldOut: "on", productProof: "off" })
    expect(items[0]).toMatchObject({ status: "blocked" })
    const asked = await app.client.call("listAsks", { query: {} })
    expect(asked.items).toMatchObject([{ kind: "held_out", status: "open" }])
    expect(JSON.stringify(asked)).not.toContain("sum.mjs")
    const a = asked.items[0]?.id ?? ""
    const answer = (body: { allow: boolean; reason?: string }) =>
      app.client.call("answerAsk", { params: { a }, body })
    await expect(answer({ allow: true })).rejects.toThrow("reason")
    await answer({ allow: true, reason: "The document says sum." })
    await app.client.call("startLoop", { params: { p: project.id }, body: {} })
    await app.idle()
    const { loop } = await app.client.call("getLoop", { params })
    expect(loop).toMatchObject({ outcome: "done" })
    const { items: views } = await app.client.call("listHeldOut", { params, query: {} })
    expect(views).toMatchObject([{ status: "discarded", why: "The document says sum." }])
  })

  it("count towards the budget, and are gone on with once it is raised", async () => {
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene(task),
        checksScene(heldOutCheck),
        work(title, [{ calls: [write("add.js", right)] }, done()]),
      ),
    )
    const project = await app.createProject({ requirements, heldOut: "on", productProof: "off" })
    await app.plan(project)
    const params = { p: project.id }
    const { usage } = await app.client.call("getProject", { params })
    const start = async (budgetUsd: number) => {
      await app.client.call("updateProject", { params, body: { budgetUsd } })
      await app.client.call("startLoop", { params, body: {} })
      await app.idle()
      return (await app.client.call("getLoop", { params })).loop
    }
    const calls = app.model.requests.length
    expect(await start(usage.costUsd)).toMatchObject({ outcome: "budget" })
    expect(app.model.requests).toHaveLength(calls)
    expect(await start(100)).toMatchObject({ outcome: "done" })
    expect(app.model.requests).toHaveLength(calls + 4)
    const { items } = await app.client.call("listSessions", {
      params: {
        ...params,
        i: (await app.client.call("listInstances", { params, query: {} })).items[0]?.id ?? "",
      },
      query: {},
    })
    expect(items.filter(({ purpose }) => purpose === "checks")).toMatchObject([
      { status: "completed", turns: 2 },
    ])
    expect((await app.client.call("getProject", { params })).usage.costUsd).toBeGreaterThan(usage.costUsd)
  })

  it("are done without under auto when the model has none, and are off without a budget", async () => {
    const play = [
      specsScene("Core"),
      tasksScene(task),
      work(title, [{ calls: [write("add.js", right)] }, done()]),
    ]
    const paid = await testApp(screenplayOf(...play))
    expect((await open(paid, { budgetUsd: 5 })).loop).toMatchObject({
      outcome: "done",
      reason: expect.stringContaining("passing checks"),
    })
    const free = await testApp(screenplayOf(...play))
    expect((await open(free, {})).loop).toMatchObject({ outcome: "done" })
    expect(free.model.requests).toHaveLength(6)
  })
})

describe("the whole-product proof", { timeout: 60_000 }, () => {
  const play = (...more: object[]) =>
    screenplayOf(specsScene("Core"), tasksScene(task), ...more.map((scene) => ({ ...scene })))

  it("makes a task of what a user would see fail, and goes on until all is proven", async () => {
    const app = await testApp(
      play(
        work(title, [{ calls: [write("add.js", hardCoded)] }, done()]),
        productScene([
          { calls: [call("run_command", { command: "node add.js 5 6" })] },
          { calls: [failure] },
          { text: "That is all." },
        ]),
        work("R1: node add.js 5 6", [
          { expect: { contains: ["Expected by R1: 11", "Seen: 3"] }, calls: [write("add.js", right)] },
          done(),
        ]),
        productScene([proven, { text: "That is all." }], { says: "Round 2" }),
      ),
    )
    const { items, loop, params, project } = await open(app, { heldOut: "off", productProof: "on" })
    expect(loop).toMatchObject({ outcome: "done" })
    expect(items.map((row) => [row.title, row.status, row.requirementIds])).toEqual([
      [title, "done", ["R1"]],
      ["R1: node add.js 5 6", "done", ["R1"]],
    ])
    expect(items[1]?.parentTaskId).toBe(items[0]?.id)
    const { items: proofs } = await app.client.call("listProductProofs", { params, query: {} })
    expect(proofs).toMatchObject([
      { outcome: "proven", proven: [{ requirementId: "R1" }] },
      { outcome: "failed", failures: [{ requirementId: "R1", seen: "3", taskId: items[1]?.id }] },
    ])
    const calls = app.model.requests.length
    await app.client.call("startLoop", { params: { p: project.id }, body: {} }).catch(() => undefined)
    await app.idle()
    expect(app.model.requests).toHaveLength(calls)
    const certificate = Certificate.parse(await app.client.call("getReport", { params, query: {} }))
    expect(certificates.check(certificate).problems).toEqual([])
    expect(certificates.roundsIn(certificate)).toMatchObject([
      { outcome: "failed", failures: [{ requirementId: "R1", taskId: items[1]?.id }] },
      { outcome: "proven", proven: [{ requirementId: "R1" }], treeHash: app.git("rev-parse", "HEAD^{tree}") },
    ])
    const run = { sandbox: await findSandbox(false), onStart: () => undefined }
    const verdict = await verifyClone({ dir: app.workspace, certificate, run })
    expect(verdict).toMatchObject({ problems: [], notes: [] })
    expect(verdict.ran).toContainEqual({ command: 'test "$(node add.js 5 6)" = 11', exitCode: 0 })
    app.git("reset", "-q", "--hard", "HEAD~1")
    expect((await verifyClone({ dir: app.workspace, certificate })).problems).toContainEqual(
      expect.stringMatching(/^The whole product was proven on tree .* no commit of this branch holds\.$/),
    )
  })

  it("counts only failures that Aura can reproduce, and proofs that hold", async () => {
    const app = await testApp(
      play(
        work(title, [{ calls: [write("add.js", right)] }, done()]),
        productScene([
          { calls: [failure] },
          {
            expect: { contains: "Not reproduced" },
            calls: [
              call("report_proven", { requirement: "R1", how: "true" }),
              call("report_proven", { requirement: "R1", how: "test -e other.js" }),
              call("report_failure", { requirement: "R7", what: "x", expected: "y", seen: "z" }),
            ],
          },
          { expect: { contains: ["proves nothing", "exit code 1", "R7"] }, text: "COMPLETE" },
          { expect: { contains: "Not reported yet: R1" }, ...proven },
          { text: "That is all." },
        ]),
      ),
    )
    const { items, loop } = await open(app, { productProof: "on" })
    expect(loop).toMatchObject({ outcome: "done" })
    expect(items).toHaveLength(1)
  })

  it("takes what a real browser shows for a proof, and opens the page itself", async () => {
    const page = (heading: string) => `<!doctype html><title>Sum</title><h1>${heading}</h1>\n`
    const look = (script: string) => ({ page: "index.html", script })
    const heading = 'return document.querySelector("h1").textContent === "Sum"'
    const prove = (script: string) => ({
      calls: [call("report_proven", { requirement: "R1", look: look(script) })],
    })
    const app = await testApp(
      screenplayOf(
        specsScene("Core"),
        tasksScene({ title, checks: ["grep -q Sum index.html"], requirements: ["R1"] }),
        work(title, [{ calls: [write("index.html", page("Sum"))] }, done()]),
        productScene([
          { calls: [call("look_at_page", { page: "index.html" })] },
          { expect: { contains: "heading" }, ...prove("return true") },
          { expect: { contains: "looks at nothing" }, ...prove('return document.title === "Other"') },
          { expect: { contains: "It returned false" }, ...prove(heading) },
          { text: "That is all." },
        ]),
      ),
    )
    const { loop, params } = await open(app, { productProof: "on" })
    expect(loop).toMatchObject({ outcome: "done" })
    const { items } = await app.client.call("listProductProofs", { params, query: {} })
    expect(items[0]?.proven).toEqual([
      { requirementId: "R1", how: `look_at_page ${JSON.stringify(look(heading))}` },
    ])
  })

  it("ends unproven when it still fails after two rounds of fixing", async () => {
    const round = (n: number) => [
      productScene(
        [
          {
            calls: [
              call("report_failure", {
                requirement: "R1",
                what: `node add.js 5 ${n}`,
                expected: String(5 + n),
                seen: "3",
                command: `node add.js 5 ${n}`,
              }),
            ],
          },
          { text: "Done." },
        ],
        { says: `Round ${n}` },
      ),
      work(`R1: node add.js 5 ${n}`, [
        { calls: [write(`note${n}.txt`, "noted\n")] },
        done({ checks: [`grep -q noted note${n}.txt`] }),
      ]),
    ]
    const app = await testApp(
      play(work(title, [{ calls: [write("add.js", hardCoded)] }, done()]), ...[1, 2, 3].flatMap(round)),
    )
    const { loop, params, items } = await open(app, { productProof: "on" })
    expect(loop).toMatchObject({ outcome: "unproven", reason: expect.stringContaining("2 rounds") })
    expect(items.map(({ status }) => status)).toEqual(["done", "done", "done", "ready"])
    const { counts } = await app.client.call("getLedger", { params })
    expect(counts).toMatchObject({ proven: 0, unproven: 1 })
  })

  it("goes on when a model shouts COMPLETE at a third of the way", async () => {
    const app = await testApp(
      play(
        work(title, [
          { text: "COMPLETE! All requirements are done." },
          { calls: [write("add.js", right)] },
          { text: "COMPLETE" },
          done(),
        ]),
        productScene([{ text: "COMPLETE. All proven." }, proven, { text: "That is all." }]),
      ),
    )
    const { loop, items } = await open(app, { productProof: "on" })
    expect(loop).toMatchObject({ outcome: "done" })
    expect(items[0]?.evidence?.checks.length).toBeGreaterThan(0)
  })
})

describe("the independent review", { timeout: 60_000 }, () => {
  const verdict = (accept: boolean, ...findings: string[]) => ({
    calls: [call("verdict", { accept, findings })],
  })
  const play = (...more: object[]) =>
    screenplayOf(specsScene("Core"), tasksScene(task), ...more.map((scene) => ({ ...scene })))

  it("sends the work back with findings, and its verdicts stand in the evidence", async () => {
    const app = await testApp(
      play(
        work(title, [
          { calls: [write("add.js", hardCoded)] },
          done(),
          { expect: { contains: "add.js prints 3 whatever" }, calls: [write("add.js", right)] },
          done(),
        ]),
        reviewScene(
          [
            {
              expect: { contains: ["prints the sum", "+console.log(3)", "passed"] },
              calls: [call("read_file", { path: "add.js" })],
            },
            verdict(false, "add.js prints 3 whatever it is given"),
          ],
          { task: title, part: 1 },
        ),
        reviewScene([verdict(true)], { part: 2 }),
      ),
    )
    const { items, loop } = await open(app, { review: "on" })
    expect(loop).toMatchObject({ outcome: "done" })
    expect(items[0]?.evidence?.reviews).toMatchObject([
      { accept: false, findings: ["add.js prints 3 whatever it is given"] },
      { accept: true },
    ])
  })

  it("goes to a person after it was sent back twice, whose word is kept with the evidence", async () => {
    const app = await testApp(
      play(
        work(title, [
          { calls: [write("add.js", right)] },
          done(),
          { calls: [write("add.js", `// 1\n${right}`)] },
          done(),
          { calls: [write("add.js", `// 2\n${right}`)] },
          done(),
        ]),
        reviewScene([verdict(false, "I would do it in Rust.")]),
      ),
    )
    const { project, items, params } = await open(app, { review: "on" })
    expect(items[0]).toMatchObject({ status: "blocked" })
    const asked = await app.client.call("listAsks", { query: {} })
    expect(asked.items).toMatchObject([{ kind: "review", detail: expect.stringContaining("Rust") }])
    await app.client.call("answerAsk", {
      params: { a: asked.items[0]?.id ?? "" },
      body: { allow: true, reason: "The language is my choice." },
    })
    const calls = app.model.requests.length
    await app.client.call("startLoop", { params: { p: project.id }, body: {} })
    await app.idle()
    const { items: after } = await app.client.call("listTasks", { params, query: {} })
    expect(after[0]).toMatchObject({ status: "done" })
    expect(after[0]?.evidence?.reviews?.at(-1)).toMatchObject({
      accept: false,
      overruled: { reason: "The language is my choice." },
    })
    const certificate = Certificate.parse(await app.client.call("getReport", { params, query: {} }))
    expect(certificates.check(certificate).problems).toEqual([])
    expect(certificates.proofsIn(certificate)[0]?.facts.reviews?.at(-1)).toMatchObject({
      accept: false,
      overruled: { reason: "The language is my choice." },
    })
    expect(app.model.requests.length - calls).toBe(2)
  })
})
