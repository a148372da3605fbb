import { expect, it } from "vitest"
import { closeTab, moveTabs, nameTabs, neighbour, openTab, parseTabs, pinTab, stepTab } from "./tabs.logic.ts"

const free = () => false
const tab = (path: string, pinned = true) => ({ path, pinned })

it("gives the place of a file that was only looked at to the next", () => {
  const looked = openTab([tab("a")], "b", false, free)
  expect(openTab(looked, "c", false, free)).toEqual([tab("a"), tab("c", false)])
  expect(openTab(looked, "c", true, free)).toEqual([tab("a"), tab("c")])
  expect(openTab(pinTab(looked, "b"), "c", false, free)).toEqual([tab("a"), tab("b"), tab("c", false)])
  expect(openTab(looked, "b", true, free)).toEqual([tab("a"), tab("b")])
})

it("never takes the place of unsaved work", () => {
  expect(openTab([tab("a", false)], "b", false, (path) => path === "a")).toEqual([
    tab("a", false),
    tab("b", false),
  ])
})

it("shows a neighbour once a tab is closed", () => {
  const tabs = [tab("a"), tab("b"), tab("c")]
  expect([neighbour(tabs, "a"), neighbour(tabs, "c"), neighbour([tab("a")], "a")]).toEqual([
    "b",
    "b",
    undefined,
  ])
  expect(closeTab(tabs, "b")).toEqual([tab("a"), tab("c")])
  expect([stepTab(tabs, "c", 1), stepTab(tabs, "a", -1), stepTab([], undefined, 1)]).toEqual([
    "a",
    "c",
    undefined,
  ])
})

it("keeps tabs of what is moved with its folder, and of nothing that only begins alike", () => {
  const tabs = [tab("src/a.ts"), tab("src2/b.ts"), tab("c.ts")]
  expect(moveTabs(tabs, "src", "lib").map((one) => one.path)).toEqual(["lib/a.ts", "src2/b.ts", "c.ts"])
})

it("reads what a device remembers, whatever that is", () => {
  expect(parseTabs('[{"path":"a","pinned":false},{"path":7},null,{"path":"b"}]')).toEqual([
    tab("a", false),
    tab("b"),
  ])
  for (const rubbish of [null, "", "{", "7", "null"]) expect(parseTabs(rubbish)).toEqual([])
})

it("tells two files of one name apart by their folders", () => {
  const tabs = [tab("a/index.ts"), tab("index.ts"), tab("b.ts")]
  expect(nameTabs(tabs).map(({ name, folder }) => [name, folder])).toEqual([
    ["index.ts", "a"],
    ["index.ts", "."],
    ["b.ts", ""],
  ])
})
