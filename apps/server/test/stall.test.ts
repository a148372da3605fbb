/** Work that goes nowhere ends with a diagnosis; honest work and a quiet build do not. */
import { expect, it } from "vitest"
import { call, done, repeating, screenplayOf, specsScene, tasksScene, testApp, work, write } from "./_app.ts"

it("blocks a task whose agent does the same again and again, says why, and goes on with the others", async () => {
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene({ title: "Circle", checks: ["false"] }, { title: "Honest", checks: ["test -s b.txt"] }),
      repeating(work("Circle", [{ text: "Once more.", calls: [call("run_command", { command: "cat a" })] }])),
      work("Honest", [{ calls: [write("b.txt", "b")] }, done()]),
    ),
  )
  const project = await app.createProject()
  await app.runAll(project)
  const params = { p: project.id }
  const { items } = await app.client.call("listTasks", { params, query: {} })
  expect(items.map(({ title, status, attempts }) => `${title} ${status} ${attempts}`)).toEqual([
    "Circle blocked 1",
    "Honest done 1",
  ])
  expect(items[0]?.failure).toMatch(
    /went nowhere.*5 times with the same result: run_command cat a.*"Once more\."/,
  )
  expect((await app.client.call("getLoop", { params })).loop).toMatchObject({ outcome: "failed" })
  const asked = (await app.events())
    .flatMap((event) => event.rows.entries ?? [])
    .filter((entry) => entry.kind === "prompt" && entry.text.startsWith("No progress: "))
  expect(asked).toHaveLength(1)
})

it("lets sixteen tasks, each on the one before, and a build that says nothing for long, come to their end", async () => {
  const titles = Array.from({ length: 16 }, (_, i) => `Step ${i}`)
  const app = await testApp(
    screenplayOf(
      specsScene("Core"),
      tasksScene(
        ...titles.map((title, i) => ({
          title,
          checks: [`test -s ${i}.txt`],
          depends_on: titles.slice(Math.max(0, i - 1), i),
        })),
      ),
      ...titles.map((title, i) =>
        work(title, [
          { calls: [call("run_command", { command: i === 3 ? "sleep 1" : "true" })] },
          { calls: [write(`${i}.txt`, "x")] },
          done(),
        ]),
      ),
    ),
  )
  const project = await app.createProject()
  await app.runAll(project)
  const { items } = await app.client.call("listTasks", { params: { p: project.id }, query: {} })
  expect(items.map(({ status, attempts }) => `${status} ${attempts}`)).toEqual(titles.map(() => "done 1"))
})
