import { expect, it } from "vitest"
import { call, screenplayOf, testApp } from "./_app.ts"
import { shoot, signIn, useBrowser } from "./_browser.ts"

const chrome = useBrowser()

const markdown = `# Core

\`\`\`mermaid
flowchart LR
  A[Requirements] --> B{Sound?}
  B -->|yes| C[(Specs)]
  B -->|no| A
  C --> D[Tasks]
\`\`\`

\`\`\`mermaid
sequenceDiagram
  Person->>Aura: document
  Aura-->>Person: proof
\`\`\`

\`\`\`mermaid
graph TD; A["<img src=x onerror=alert(1)>"] --> B; click A href "javascript:alert(1)"
\`\`\`

\`\`\`mermaid
astrolabe
  nobody: knows
\`\`\`
`

it("draws the diagrams of a spec as images in the theme's colours, and shows the source of one it cannot draw", async () => {
  const app = await testApp(
    screenplayOf({
      when: { phase: "specs" },
      replies: [{ calls: [call("create_spec", { title: "Core", markdown })] }, { text: "Done." }],
    }),
  )
  const project = await app.createProject()
  const params = { p: project.id }
  await app.client.call("generateSpecs", { params })
  await app.idle()
  const spec = (await app.client.call("listSpecs", { params, query: {} })).items[0]
  const { page, faults } = await signIn(chrome.browser, app)
  await page.goto(`${app.running.url}/projects/${project.id}/specs/${spec?.id}`)
  const drawn = page.getByRole("img", { name: "Diagram" })
  await drawn.nth(2).waitFor()
  await page.getByText("“astrolabe” is no kind of diagram known here.").waitFor()
  await page.getByText("nobody: knows").waitFor()
  const widths = await page.evaluate<number[]>(
    "Promise.all([...document.querySelectorAll('figure img')].map((image) => image.decode().then(() => image.naturalWidth)))",
  )
  expect(widths.filter((width) => width > 40)).toHaveLength(3)
  const light = await drawn.first().getAttribute("src")
  await shoot(page, "diagram-light")
  await page.emulateMedia({ colorScheme: "dark" })
  await expect.poll(() => drawn.first().getAttribute("src"), { timeout: 20_000 }).not.toBe(light)
  await shoot(page, "diagram-dark")
  expect(faults).toEqual([])
  await page.close()
})
