/** What an agent sees: pictures of its folder, and pages in a real browser inside its sandbox. */
import { readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import {
  call,
  done,
  screenplayOf,
  specsScene,
  tasksScene,
  testApp,
  useBareHome,
  work,
  write,
} from "./_app.ts"
import { writePng } from "./_png.ts"

useBareHome()

const page = `<!doctype html><title>Board</title><h1>Score 3</h1><button>Start</button><script>console.error("no sound")</script>`

it("a worker sees a picture and the page it built; the journal keeps references to them", async () => {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene({ title: "Build it", checks: ["test -s index.html"] }),
      work("Build it", [
        { calls: [call("read_file", { path: "design.png" }), write("index.html", page)] },
        {
          calls: [call("look_at_page", { page: "index.html" })],
          expect: { contains: "design.png is a picture (image/png), 40 × 30 pixels" },
        },
        {
          ...done(),
          expect: { contains: ['"Board" at file:', "console.error: no sound", 'button "Start"'] },
        },
      ]),
    ),
  )
  const design = writePng({ width: 40, height: 30, rgb: new Uint8Array(40 * 30 * 3).fill(90) })
  writeFileSync(join(app.workspace, "design.png"), design)
  const project = await app.createProject()
  await app.runAll(project)
  const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
  expect(items.map(({ status }) => status)).toEqual(["done"])
  const bodies = app.model.requests.map((body) => JSON.stringify(body))
  const last = bodies.findLast((body) => body.includes("look_at_page"))
  expect(last).toContain(design.toString("base64"))
  expect(last?.match(/"type":"image"/g)).toHaveLength(2)
  const entries = (await app.events()).flatMap((event) => event.rows.entries ?? [])
  const media = entries.flatMap((entry) => (entry.kind === "tool" ? (entry.media ?? []) : []))
  expect(media.map(({ mediaType }) => mediaType)).toEqual(["image/png", "image/png"])
  expect(readdirSync(join(app.dataDir, "media")).toSorted()).toEqual(media.map(({ name }) => name).toSorted())
  const shown = { p: project.id, name: media[0]?.name ?? "" }
  expect(await app.client.call("getMedia", { params: shown })).toEqual({ data: design.toString("base64") })
  const other = { p: project.id, name: "0".repeat(64) }
  await expect(app.client.call("getMedia", { params: other })).rejects.toThrow("not kept")
  expect(JSON.stringify(entries)).not.toContain(design.toString("base64"))
})
