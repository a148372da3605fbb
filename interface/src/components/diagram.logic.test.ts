import { describe, expect, it } from "vitest"
import { cleanSource, toImageAddress } from "./diagram.logic.ts"

describe("a diagram's source", () => {
  it.each([
    ["graph TD; A-->B; B-->C;", "graph TD\nA-->B\nB-->C"],
    ['graph TD\nA["a; b"] --> B; B --> C', 'graph TD\nA["a; b"] --> B\nB --> C'],
    ["---\ntitle: x\n---\nflowchart LR\nA-->B", "flowchart LR\nA-->B"],
    ['%%{init: {"securityLevel": "loose"}}%%\ngraph TD\n%% a remark\nA-->B', "graph TD\nA-->B"],
  ])("%j is read as %j", (source, clean) => expect(cleanSource(source)).toBe(clean))

  it("becomes an image that names no other address", () => {
    const svg = `<svg><style>@import url('https://fonts.example/x');</style><text>"#\ud800</text></svg>`
    const address = toImageAddress(svg)
    expect(address).toMatch(/^data:image\/svg\+xml,[^"#<>]*$/)
    expect(decodeURIComponent(address)).not.toContain("fonts.example")
  })
})
