import type { FileEntry } from "@aura/core"
import { expect, it } from "vitest"
import { createMarks, findByName, foldersOf, stepByKey, toRows } from "./tree.logic.ts"

const file = (path: string): FileEntry => entry(path, "file")
const folder = (path: string): FileEntry => entry(path, "folder")
function entry(path: string, kind: FileEntry["kind"]): FileEntry {
  return { path, name: path.slice(path.lastIndexOf("/") + 1), kind, bytes: 1 }
}
const listings = new Map([
  ["", [file("b10.ts"), file("B2.ts"), folder("src")]],
  ["src", [file("src/a.ts"), folder("src/deep")]],
])

it("puts folders first, counts in names, and shows what is unfolded", () => {
  expect(toRows(listings, new Set()).map((row) => row.name)).toEqual(["src", "B2.ts", "b10.ts"])
  const open = toRows(listings, new Set(["src", "src/deep"]))
  expect(open.map((row) => [row.path, row.depth, row.isOpen])).toEqual([
    ["src", 1, true],
    ["src/deep", 2, true],
    ["src/a.ts", 2, false],
    ["B2.ts", 1, false],
    ["b10.ts", 1, false],
  ])
})

it("marks changes, the folders that hold some, and what git ignores", () => {
  const marks = createMarks({
    isRepository: true,
    isCut: false,
    files: ["src/a.ts", "src/deep/b.ts"],
    changes: [{ path: "src/deep/b.ts", op: "added", additions: 1, deletions: 0 }],
  })
  expect(["src", "src/a.ts", "src/deep", "src/deep/b.ts", "dist", "dist/x.js"].map(marks)).toEqual([
    "inside",
    undefined,
    "inside",
    "added",
    "ignored",
    "ignored",
  ])
  expect(foldersOf("a/b/c")).toEqual(["a", "a/b"])
})

it("is walked with the keys of a tree", () => {
  const rows = toRows(listings, new Set(["src"]))
  expect(stepByKey("ArrowLeft", rows, 2)).toEqual({ go: 0 })
  expect(stepByKey("ArrowLeft", rows, 0)).toEqual({ fold: "src" })
  expect(stepByKey("ArrowRight", rows, 1)).toEqual({ unfold: "src/deep" })
  expect(stepByKey("ArrowRight", rows, 0)).toEqual({ go: 1 })
  expect(stepByKey("End", rows, 0)).toEqual({ go: 4 })
  expect(stepByKey("ArrowDown", rows, 4)).toEqual({ go: 4 })
  expect(findByName(rows, 0, "b")).toBe(3)
  expect(findByName(rows, 3, "b")).toBe(4)
  expect(findByName(rows, 4, "b1")).toBe(4)
  expect(findByName(rows, 0, "zz")).toBeUndefined()
})
