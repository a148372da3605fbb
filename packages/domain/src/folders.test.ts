import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it, onTestFinished } from "vitest"
import * as folders from "./folders.ts"

it("tells the folders inside a folder by name, what is hidden and what is a file left out", async () => {
  const root = mkdtempSync(join(tmpdir(), "aura-folders-"))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const name of ["todo", "app", ".git", ".cache"]) mkdirSync(join(root, name))
  writeFileSync(join(root, "note.md"), "")
  const view = await folders.view(root)
  expect(view).toMatchObject({ path: root, parent: tmpdir(), isRepository: true, isEmpty: false })
  expect(view.items).toEqual([
    { name: "app", path: join(root, "app") },
    { name: "todo", path: join(root, "todo") },
  ])
  expect(await folders.view(join(root, "todo"))).toMatchObject({ isEmpty: true, isRepository: false })
})

it("says of what is no folder that it is none", async () => {
  await expect(folders.view("/does/not/exist")).rejects.toMatchObject({ code: "bad_request" })
  await expect(folders.view("relative")).rejects.toMatchObject({ code: "bad_request" })
})
