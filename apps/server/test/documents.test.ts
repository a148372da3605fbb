/** A person sees what of a document counts as a requirement and what does not, and corrects it. */
import { describe, expect, it } from "vitest"
import { screenplayOf, specsScene, testApp } from "./_app.ts"
import { signIn, useBrowser } from "./_browser.ts"

const chrome = useBrowser()
const play = screenplayOf(specsScene("Core"))
const document = "# Shop\n\nA shop for eggs.\n\n- It sells eggs\n- It sells hens\n\nIt can print.\n"

async function open() {
  const app = await testApp(play)
  const project = await app.createProject({ requirements: document })
  const params = { p: project.id }
  const decide = (text: string, counts: boolean) =>
    app.client.call("decideCount", { params, body: { text, counts } })
  const texts = async () =>
    (await app.client.call("getRequirements", { params })).requirements.map(({ id, text }) => `${id} ${text}`)
  return { app, project, params, decide, texts }
}

describe("what counts of a document", () => {
  it("is corrected by a person, and stays so through edits and a restart", async () => {
    const { app, params, decide, texts } = await open()
    expect(await app.client.call("getRequirements", { params })).toMatchObject({
      requirements: [
        { id: "R1", text: "It sells eggs", line: 5 },
        { id: "R2", text: "It sells hens", line: 6 },
        { id: "R3", text: "It can print.", line: 8, unsure: true },
      ],
      uncounted: [
        { text: "Shop", line: 1, reason: "heading" },
        { text: "A shop for eggs.", line: 3, reason: "prose" },
      ],
    })
    await decide("It sells hens", false)
    expect((await decide("A shop for eggs.", true)).requirements.map(({ id }) => id)).toEqual([
      "R4",
      "R1",
      "R3",
    ])
    const markdown = "# Market\n\n* It sells hens\n* It sells eggs\n* It sells salt\n\nA *shop* for eggs.\n"
    await app.client.call("saveRequirements", { params, body: { markdown } })
    const edited = ["R1 It sells eggs", "R5 It sells salt", "R4 A shop for eggs."]
    expect(await texts()).toEqual(edited)
    await app.restart()
    expect(await texts()).toEqual(edited)
    await decide("It sells hens", true)
    expect(await texts()).toHaveLength(4)
  })

  it("is decided only for what the document says, and never down to nothing", async () => {
    const { decide } = await open()
    await expect(decide("It sells cars", false)).rejects.toMatchObject({ code: "not_found" })
    await decide("It sells eggs", false)
    await decide("It can print.", false)
    await expect(decide("It sells hens", false)).rejects.toMatchObject({ code: "conflict" })
  })

  it("is shown beside the document and corrected with one click each", async () => {
    const { app, project, texts } = await open()
    const { page, faults } = await signIn(chrome.browser, app)
    await page.goto(`${app.running.url}/projects/${project.id}/requirements`)
    const list = page.getByRole("list", { name: "Numbered requirements" })
    await list.getByText("unsure").waitFor()
    await page.getByRole("button", { name: "Do not count R3" }).click()
    await list.getByText("It can print.").waitFor({ state: "detached" })
    await page.getByText("Not counted (3)").click()
    await page.getByRole("button", { name: "Count line 3" }).click()
    await list.getByText("A shop for eggs.").waitFor()
    expect(await texts()).toEqual(["R4 A shop for eggs.", "R1 It sells eggs", "R2 It sells hens"])
    expect(faults).toEqual([])
  })
})
