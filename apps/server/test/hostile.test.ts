/** Text from models, files and people is shown as text: in every view, whatever it holds, nothing of it runs or loads. */
import type { Page } from "playwright-core"
import { expect, it } from "vitest"
import { call, done, screenplayOf, tasksScene, testApp, work, write } from "./_app.ts"
import { signIn, useBrowser } from "./_browser.ts"

const chrome = useBrowser()

const run = "document.documentElement.dataset.ran=1"
const away = "http://canary.invalid/x"
const esc = "\u001b"

const markup = [
  `<script>${run}</script>`,
  `<img src=x onerror="${run}">`,
  `<img src="${away}.png">`,
  `<svg onload="${run}"></svg>`,
  `<svg><script>${run}</script></svg>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<iframe src="${away}"></iframe>`,
  `<object data="${away}"></object>`,
  `<embed src="${away}">`,
  `<link rel="stylesheet" href="${away}.css">`,
  `<link rel="prefetch" href="${away}">`,
  `<meta http-equiv="refresh" content="0;url=${away}">`,
  `<base href="${away}">`,
  `<form action="${away}"><button autofocus onfocus="${run}">x</button></form>`,
  `<details open ontoggle="${run}">x</details>`,
  `<video src="${away}" onerror="${run}"></video>`,
  `<audio src=x onerror="${run}"></audio>`,
  `<input autofocus onfocus="${run}">`,
  `<body onload="${run}">`,
  `<style>@import "${away}.css"; * { background: url(${away}) }</style>`,
  `<div style="background:url(${away})">x</div>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=${run}>">`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>"></noscript>`,
  `<template><img src=x onerror="${run}"></template>`,
  `"><img src=x onerror="${run}">`,
  `' onmouseover='${run}`,
  `</textarea><script>${run}</script>`,
  `</title><script>${run}</script>`,
  `<a href="javascript:${run}" autofocus>x</a>`,
  `<x onclick="${run}" tabindex=1 autofocus onfocus="${run}">x</x>`,
  `<img srcset="${away} 2x">`,
  `<picture><source srcset="${away}"><img></picture>`,
  `<marquee onstart="${run}">x</marquee>`,
  `<portal src="${away}">`,
  "{{constructor.constructor('document.documentElement.dataset.ran=1')()}}",
  "<%= document.documentElement.dataset.ran=1 %>",
  "#{document.documentElement.dataset.ran=1}",
]
const markdown = [
  `![picture](${away}.png)`,
  `![picture](${away}.png "title")`,
  `![ref][canary]\n\n[canary]: ${away}.png`,
  `[link](javascript:${run})`,
  `[link](JaVaScRiPt:${run})`,
  `[link](java&#x0a;script:${run})`,
  `[link](data:text/html,<script>${run}</script>)`,
  `[link](vbscript:${run})`,
  `[link](file:///etc/passwd)`,
  `[link](//canary.invalid/x)`,
  `[link](http://canary.invalid\\@127.0.0.1/)`,
  `<javascript:${run}>`,
  `[![picture](${away}.png)](javascript:${run})`,
  "```html\n<script>document.documentElement.dataset.ran=1</script>\n```",
  '```mermaid\ngraph TD; A["<img src=x onerror=document.documentElement.dataset.ran=1>"] --> B; click A href "javascript:document.documentElement.dataset.ran=1"\n```',
  '```mermaid\n%%{init: {"securityLevel": "loose", "themeCSS": "*{background:url(http://canary.invalid/x)}"}}%%\ngraph TD; A-->B\n```',
  "$$\\href{javascript:document.documentElement.dataset.ran=1}{x}$$",
  `| a | b |\n|---|---|\n| <img src=x onerror="${run}"> | ![p](${away}) |`,
  `- [ ] <input onfocus="${run}" autofocus>`,
  `[^1]\n\n[^1]: <img src=x onerror="${run}">`,
  `<details><summary>x</summary><img src=x onerror="${run}"></details>`,
  `# <img src=x onerror="${run}">`,
  `> <svg/onload="${run}">`,
  `\`<img src=x onerror="${run}">\``,
]
const control = [
  `${esc}]52;c;Y2FuYXJ5${esc}\\`,
  `${esc}]0;canary\u0007`,
  `${esc}]8;;javascript:${run}${esc}\\link${esc}]8;;${esc}\\`,
  `${esc}]8;;${away}${esc}\\link${esc}]8;;${esc}\\`,
  `${esc}[2J${esc}[H`,
  `${esc}[?1049h`,
  `${esc}[6n`,
  `${esc}[c`,
  `${esc}P$q"p${esc}\\`,
  `${esc}[31m<img src=x onerror="${run}">${esc}[0m`,
  `${esc}[38;2;1;2;3;"onmouseover=${run}m`,
  `${esc}]1337;File=inline=1:${Buffer.from("canary").toString("base64")}\u0007`,
  `${esc}_Gf=100;${away}${esc}\\`,
  `${esc}[1;31`,
  "\u009b31m\u009d0;x\u009c",
  "back\b\b\b\bspace",
  "over\rwritten",
  "\u0000nul\u0000",
]
const odd = [
  "\u202egnp.exe\u202c",
  "\u2066left\u2069 \u2067right\u2069",
  "zero\u200bwidth\ufeff",
  "a\u0301".repeat(200),
  "\u{1f469}\u200d\u{1f680}".repeat(20),
  "\ud800 lone",
  "x".repeat(5000),
  "__proto__",
  "constructor",
  "toString",
  "%00%2e%2e%2f",
  "../../etc/passwd",
  "null",
  "undefined",
  "-rf",
  "' OR 1=1 --",
  "\\u003cscript\\u003e",
  "&lt;script&gt;document.documentElement.dataset.ran=1&lt;/script&gt;",
  "<!--",
  "]]>",
  "?url=http://canary.invalid",
]
const all = [...markup, ...markdown, ...control, ...odd]
const wellFormed = (text: string) => text.toWellFormed().replaceAll(/[\0\ufffd]/g, "?")
const fileName = `<img src=x onerror=${run}>.md`
const titles = [...markup.slice(0, 6), ...odd.slice(0, 3), `${esc}[31mred`].map((text) =>
  wellFormed(text).slice(0, 150),
)
const document = `# ${markup[1]}\n\n${all.map((text) => `- ${wellFormed(text).replaceAll("\n", " ")} must hold`).join("\n")}\n`
const essay = all.map(wellFormed).join("\n\n")

const play = screenplayOf(
  {
    when: { phase: "specs" },
    replies: [
      { text: essay, calls: [call("create_spec", { title: titles[1], markdown: essay })] },
      { text: "Done." },
    ],
  },
  tasksScene(
    { spec: titles[1] ?? "", title: "Show", description: essay, checks: ["cat all.txt"] },
    ...titles.map((title) => ({ spec: titles[1] ?? "", title, description: title, depends_on: ["Show"] })),
  ),
  work("Show", [
    {
      thinking: essay,
      text: essay,
      calls: [
        write("all.txt", all.join("\n")),
        write(fileName, essay),
        call("run_command", { command: "cat all.txt; exit 3" }),
        call("read_file", { path: "all.txt" }),
        call(`no <script>${run}</script>`, { [markup[0] ?? ""]: markup[1] }),
      ],
    },
    done({ notes: essay.slice(0, 3000) }),
  ]),
  ...titles.map((title) =>
    work(title, [{ calls: [call("task_blocked", { reason: essay.slice(0, 3000) })] }]),
  ),
)

const scroll = async (page: Page) => {
  for (let i = 0; i < 2; i++) {
    await page.mouse.move(700, 500)
    await page.mouse.wheel(0, 4000)
  }
}

it(`shows ${all.length} hostile strings in every view, and nothing of them runs, loads or leaves`, async () => {
  expect(all.length).toBeGreaterThanOrEqual(100)
  const app = await testApp(play)
  const project = await app.createProject({ name: markup[1] ?? "", requirements: document })
  const p = project.id
  await app.client.call("createComment", { params: { p }, body: { text: essay.slice(0, 2000) } })
  await app.runAll(project)
  const { page, faults } = await signIn(chrome.browser, app)
  const foreign: string[] = []
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== app.running.url && protocol !== "data:" && protocol !== "blob:")
      foreign.push(request.url())
  })
  page.on("dialog", (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  const items = async (name: "listTasks" | "listSpecs") =>
    (await app.client.call(name, { params: { p }, query: {} })).items.map(({ id }) => id)
  const [tasks, specs] = [await items("listTasks"), await items("listSpecs")]
  expect(tasks).toHaveLength(titles.length + 1)
  const sessions = (await app.events()).flatMap((event) => (event.rows.sessions ?? []).map(({ id }) => id))
  const at = `/projects/${p}`
  app.write("page.html", essay)
  const ide = (path: string) => `/ide?project=${p}&path=${encodeURIComponent(path)}`
  const views = [
    "/projects",
    "/inbox",
    "/usage",
    "/log",
    "/settings",
    at,
    `${at}/requirements`,
    `${at}/specs`,
    `${at}/specs/${specs[0]}`,
    `${at}/tasks`,
    `${at}/tasks?view=board`,
    `${at}/tasks?view=graph`,
    ...tasks.slice(0, 3).map((id) => `${at}/tasks/${id}`),
    `${at}/run`,
    `${at}/run?task=${tasks[0]}`,
    `${at}/run?panel=checks`,
    `${at}/run?panel=context`,
    `${at}/sessions`,
    ...[...new Set(sessions)].map((id) => `${at}/sessions/${id}`),
    `${at}/history`,
    `${at}/snapshots`,
    ide(fileName),
    `${ide("page.html")}&view=diff`,
  ]
  for (const view of views) {
    await page.goto(app.running.url + view)
    await page.getByRole("main").first().waitFor()
    await page.waitForLoadState("networkidle")
    await scroll(page)
    expect([view, await page.locator("html").getAttribute("data-ran")]).toEqual([view, null])
    expect([view, foreign, faults]).toEqual([view, [], []])
    for (const scheme of ["javascript", "data", "vbscript", "file"])
      expect([view, await page.locator(`a[href^="${scheme}:" i]`).count()]).toEqual([view, 0])
    expect(page.url()).toContain(new URL(app.running.url + view).pathname)
  }
})

it("finds hostile strings by themselves, and what it finds is text", async () => {
  const app = await testApp(play)
  const project = await app.createProject({ name: markup[1] ?? "", requirements: document })
  const words = [...all, ".*".repeat(90), "(a+)+$", "[", "\\", "%", "a ".repeat(100)]
  for (const text of words.map((one) => wellFormed(one).slice(0, 200))) {
    const startedAt = performance.now()
    await app.client.call("search", { query: { q: text, project: project.id } })
    expect([text, performance.now() - startedAt < 2000]).toEqual([text, true])
  }
  const { items } = await app.client.call("search", { query: { q: markup[0] ?? "" } })
  expect(items.map(({ excerpt }) => excerpt).join()).toContain(markup[0])
  for (const kind of ["task'--", "*", "__proto__", "constructor"])
    expect((await app.client.call("searchLog", { query: { kind } })).items).toEqual([])
  const { page, faults } = await signIn(chrome.browser, app)
  await page.keyboard.press("Control+k")
  const field = page.getByRole("combobox").first()
  for (const text of [markup[1], markup[0], "javascript:"]) {
    await field.fill(text ?? "")
    await page.getByRole("option").first().waitFor()
    await page.waitForLoadState("networkidle")
  }
  expect(await page.locator("html").getAttribute("data-ran")).toBeNull()
  expect(await page.locator('a[href^="javascript:" i]').count()).toBe(0)
  expect(faults).toEqual([])
})

it("takes no address of a server from the address of the page", async () => {
  const app = await testApp(screenplayOf({ when: { phase: "chat" }, replies: [{ text: "x" }] }))
  const { page, faults } = await signIn(chrome.browser, app)
  const foreign: string[] = []
  page.on("request", (request) => {
    if (!request.url().startsWith(app.running.url)) foreign.push(request.url())
  })
  const elsewhere = "http://canary.invalid"
  for (const way of [
    `?host=${elsewhere}`,
    `?url=${elsewhere}`,
    `?server=${elsewhere}`,
    `#server=${elsewhere}`,
  ]) {
    await page.goto(`${app.running.url}/projects${way}`)
    await page.getByRole("main").first().waitFor()
    await page.waitForLoadState("networkidle")
  }
  expect([foreign, faults]).toEqual([[], []])
})

it("lets no string become markup or code, by whatever script of the page", async () => {
  const app = await testApp(play)
  const { page } = await signIn(chrome.browser, app)
  for (const script of [
    "document.body.innerHTML = '<b>x</b>'",
    "document.createElement('script').text = '1'",
    "document.createElement('iframe').srcdoc = '<b>x</b>'",
    "new DOMParser().parseFromString('<b>x</b>', 'text/html')",
    "trustedTypes.createPolicy('mine', { createHTML: (text) => text })",
  ]) {
    await expect(page.evaluate(`{ ${script} }`), script).rejects.toThrow(/Trusted|policy/i)
  }
  await page.close()
})
