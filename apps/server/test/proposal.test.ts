/** One spec written anew: proposed, looked at, accepted or forgotten; by the server and on screen. */
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
import { shoot, signIn, useBrowser } from "./_browser.ts"

const chrome = useBrowser()
const patient = { timeout: 20_000 }
const fresh = "# Core\n\nPurpose.\n\n## Interfaces\n\n- a.txt holds `alpha`\n"

const rewrite = (says: string, ...replies: object[]) => ({ when: { phase: "chat", says }, replies })
const update = (input: object) => ({ calls: [call("update_spec", { spec: "Core", ...input })] })

const play = screenplayOf(
  specsScene("Core", "Report"),
  tasksScene({ title: "Make a", checks: ["test -s a.txt"], requirements: ["R1"] }),
  rewrite("Say what the files hold", update({ markdown: fresh }), { text: "Done." }),
  rewrite("Again", update({ markdown: `${fresh}\nMore.\n` }), { text: "Done." }),
  work("Make a", [
    { calls: [call("run_command", { command: "while [ ! -e go ]; do sleep 0.05; done; rm go" })] },
    { calls: [write("a.txt", "alpha\n")] },
    done(),
  ]),
)

async function planned(screenplay: object = play) {
  const app = await testApp(screenplay)
  const project = await app.createProject()
  await app.plan(project)
  const core = (await app.client.call("listSpecs", { params: { p: project.id }, query: {} })).items[0]
  return { app, params: { p: project.id, s: core?.id ?? "" }, p: { p: project.id } }
}

const lastPlan = async (app: TestApp, p: { p: string }) =>
  (await app.client.call("listPlans", { params: p })).items.at(-1)

describe("one spec written anew", () => {
  it("waits as a proposal, outlives a restart, and takes the place of the old one only when accepted", async () => {
    const { app, params, p } = await planned()
    const before = await app.client.call("getSpec", { params })
    const note = "Say what the files hold"
    const { plan } = await app.client.call("regenerateSpec", { params, body: { note } })
    expect(plan).toMatchObject({ step: "spec", status: "running", specId: params.s, note })
    await app.idle()
    expect(await lastPlan(app, p)).toMatchObject({ status: "finished" })
    await app.restart()
    const waiting = await app.client.call("getSpec", { params })
    expect(waiting).toMatchObject({ markdown: before.markdown, updatedAt: before.updatedAt })
    const { proposal, diff } = await app.client.call("getProposal", { params })
    expect(proposal).toMatchObject({ markdown: fresh, note, planId: plan.id })
    expect(diff).toContain("\n+## Interfaces")
    const accept = (planId: string) => app.client.call("acceptProposal", { params, body: { planId } })
    await expect(accept("plan_other")).rejects.toMatchObject({ code: "conflict" })
    const accepted = await accept(plan.id)
    expect(accepted).toMatchObject({ id: params.s, markdown: fresh, order: 1 })
    expect(accepted).not.toHaveProperty("proposal")
    const { items } = await app.client.call("listTasks", { params: p, query: {} })
    expect(items).toMatchObject([{ specId: params.s, requirementIds: ["R1"] }])
    await expect(accept(plan.id)).rejects.toMatchObject({ code: "not_found" })
  })

  it("changes that spec alone, is asked once to fix what is no new text, and leaves nothing when it cannot", async () => {
    const same = update({ markdown: "# Core\n\nPurpose." })
    const { app, params, p } = await planned(
      screenplayOf(
        specsScene("Core", "Report"),
        tasksScene({ title: "Make a", checks: ["test -s a.txt"] }),
        rewrite(
          'Write "Core" anew',
          { calls: [call("update_spec", { spec: "Report", markdown: "Taken over." })] },
          { expect: { contains: "no spec" }, text: "Done." },
        ),
        rewrite("was not changed", same, { text: "Done." }),
      ),
    )
    await app.client.call("regenerateSpec", { params, body: {} })
    await app.idle()
    expect(await lastPlan(app, p)).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("The new text is the old one"),
    })
    const { items } = await app.client.call("listSpecs", { params: p, query: {} })
    expect(items.map((spec) => spec.markdown)).toEqual(["# Core\n\nPurpose.", "# Report\n\nPurpose."])
    expect(items[0]).not.toHaveProperty("proposal")
    expect((await app.client.call("listAttention", {})).items).toEqual([])
  })

  it("is refused in clear words while the loop works, and without money is not begun", async () => {
    const { app, params, p } = await planned()
    const waits = app.toolStarted("run_command")
    await app.client.call("startLoop", { params: p, body: {} })
    await waits
    await expect(app.client.call("regenerateSpec", { params, body: {} })).rejects.toMatchObject({
      code: "conflict",
      message: '"Core" cannot be written anew while its loop is running. Stop the loop first.',
    })
    app.write("go", "")
    await app.idle()
    await app.client.call("updateProject", { params: p, body: { budgetUsd: 0 } })
    await app.client.call("regenerateSpec", { params, body: {} })
    await app.idle()
    expect(await lastPlan(app, p)).toMatchObject({ status: "failed", outcome: "budget" })
  })

  it("is asked for, compared, discarded and accepted on the page of the spec", async () => {
    const { app, params, p } = await planned()
    const { page, faults } = await signIn(chrome.browser, app)
    await page.goto(`${app.running.url}/projects/${p.p}/specs/${params.s}`)
    const ask = async (note: string) => {
      await page.getByRole("button", { name: "Regenerate" }).click()
      await page.getByLabel("What should be different?").fill(note)
      await page.getByRole("dialog").getByRole("button", { name: "Regenerate" }).click()
    }
    await ask("Say what the files hold")
    const proposed = page.getByRole("region", { name: "Proposed version" })
    await proposed.getByText("a.txt holds").first().waitFor()
    await shoot(page, "proposal")
    await proposed.getByRole("link", { name: "Side by side" }).click()
    await page.waitForURL(/view=split/)
    await page.reload()
    await proposed.getByText("a.txt holds").first().waitFor()
    await shoot(page, "proposal-split")
    await proposed.getByRole("button", { name: "Discard" }).click()
    await proposed.waitFor({ state: "detached" })
    await ask("Again")
    await proposed.getByText("More.").first().waitFor()
    await proposed.getByRole("button", { name: "Accept" }).click()
    await proposed.waitFor({ state: "detached" })
    await page.getByRole("heading", { name: "Interfaces" }).waitFor()
    await expect
      .poll(async () => (await app.client.call("getSpec", { params })).markdown, patient)
      .toBe(`${fresh}\nMore.\n`)
    expect(faults).toEqual([])
    await page.close()
  })
})
