/** A document that contradicts itself is looked over, and fixed with the wordings a person accepts. */
import { expect, it } from "vitest"
import { call, screenplayOf, specsScene, testApp } from "./_app.ts"
import { findBarriers, shoot, signIn, tabTo, useBrowser } from "./_browser.ts"

const chrome = useBrowser()
const wanted = `# Notes

- Notes are kept for 30 days.
- Search is fast.
- No note is ever deleted.
`
const contradiction = {
  kind: "contradiction",
  quote: "No note is ever deleted.",
  why: "The first statement deletes notes after 30 days.",
  wording: "No note is deleted before its 30 days are over.",
}
const lookScene = {
  when: { phase: "look_over" },
  replies: [
    {
      calls: [
        call("report_finding", { ...contradiction, quote: "no notes are deleted" }),
        call("report_finding", contradiction),
        call("report_finding", contradiction),
        call("report_finding", {
          kind: "uncheckable",
          quote: "Search is fast.",
          why: "No command can measure “fast”.",
          wording: "A search over 1,000 notes answers within 200 ms.",
        }),
        call("report_finding", { kind: "ambiguous", why: "?", wording: "Something else." }),
        call("report_finding", {
          kind: "gap",
          why: "It does not say what happens to an empty note.",
          wording: "- An empty note is rejected with exit code 2.",
        }),
        call("report_finding", { kind: "style", quote: "Search", why: "Hm.", wording: "Find" }),
      ],
    },
    { text: "Done." },
  ],
}

it("finds faults, and puts the accepted wordings into the document, by keyboard alone", async () => {
  const app = await testApp(screenplayOf(lookScene, specsScene("Core")))
  const project = await app.createProject({ requirements: wanted })
  const params = { p: project.id }
  const { page, faults } = await signIn(chrome.browser, app)
  await page.goto(`${app.running.url}/projects/${project.id}/requirements`)
  await tabTo(page, "Look it over")
  await page.keyboard.press("Enter")
  await page.getByText("3 findings").waitFor()
  expect(await findBarriers(page)).toEqual([])
  await shoot(page, "look-over")
  await page.setViewportSize({ width: 390, height: 844 })
  await shoot(page, "look-over-390", 844)
  await page.setViewportSize({ width: 1440, height: 900 })
  for (let i = 0; i < 3; i++) {
    await tabTo(page, "Accept")
    await page.keyboard.press("Enter")
  }
  await tabTo(page, "Put 3 wordings into the document")
  await page.keyboard.press("Enter")
  const fixed = `# Notes

- Notes are kept for 30 days.
- A search over 1,000 notes answers within 200 ms.
- No note is deleted before its 30 days are over.

- An empty note is rejected with exit code 2.
`
  expect(await page.getByLabel("Document", { exact: true }).inputValue()).toBe(fixed)
  await page.getByRole("button", { name: "Save" }).click()
  await page.getByText("Accept", { exact: true }).click()
  await page.getByText("4 requirements in version 2").waitFor()
  // They were about the version before.
  expect(await page.getByText("3 findings").count()).toBe(0)
  const { items } = await app.client.call("listPlans", { params })
  expect(items).toMatchObject([
    {
      step: "look_over",
      status: "finished",
      documentVersion: 1,
      findings: [{ quote: contradiction.quote }, {}, {}],
    },
  ])
  expect(faults).toEqual([])
  await page.close()
})

it("plans nothing, and leaves the way free for the plan, when it does not come to an end", async () => {
  const refused = { when: { phase: "look_over" }, replies: [{ fault: { status: 401 }, text: "No." }] }
  const app = await testApp(screenplayOf(refused, specsScene("Core")))
  const params = { p: (await app.createProject({ requirements: wanted })).id }
  await app.client.call("lookOver", { params })
  await app.idle()
  await app.client.call("generateSpecs", { params })
  await app.idle()
  const { items } = await app.client.call("listPlans", { params })
  expect(items.map(({ step, status, outcome }) => [step, status, outcome])).toEqual([
    ["look_over", "failed", "provider"],
    ["specs", "finished", null],
  ])
  const { items: waiting } = await app.client.call("listAttention", {})
  expect(waiting).toEqual([])
})
