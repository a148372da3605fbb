import { describe, expect, test } from "vitest"
import { parseScreenplay } from "./screenplay.ts"

describe("a screenplay", () => {
  test("is read from YAML, with what is left out filled in", () => {
    const { scenes } = parseScreenplay(`
      scenes:
        - when: { phase: work, task: Build it }
          replies:
            - text: Now.
              calls: [{ tool: task_done }]
              fault: { status: 529 }
    `)
    expect(scenes).toMatchObject([
      {
        when: { phase: "work", task: "Build it" },
        replies: [
          { text: "Now.", calls: [{ tool: "task_done", input: {} }], fault: { status: 529, times: 1 } },
        ],
      },
    ])
    expect(scenes[0]?.ending).toBe("end")
  })

  test("is read from JSON", () => {
    const text = JSON.stringify({ scenes: [{ when: { phase: "chat" }, replies: [{ text: "Hi" }] }] })
    expect(parseScreenplay(text).scenes).toHaveLength(1)
  })
})

describe("a file that is no screenplay is refused with the place and the reason:", () => {
  const scene = (more: string) => `scenes:\n  - when: { phase: chat }\n    replies: [{ text: a${more} }]`
  test.each([
    ["nothing at all", "", "the file: Invalid input"],
    ["broken YAML", "scenes: [", "neither YAML nor JSON"],
    ["no scenes", "scenes: []", "scenes: Too small"],
    ["an unknown phase", "scenes: [{ when: { phase: sleep }, replies: [{}] }]", "scenes[0].when.phase:"],
    ["a misspelt field", scene(", cals: []"), 'scenes[0].replies[0]: Unrecognized key: "cals"'],
    ["a call without a tool", scene(", calls: [{ input: {} }]"), "scenes[0].replies[0].calls[0].tool:"],
    ["a share above one", scene(", usage: { share: 2 }"), "scenes[0].replies[0].usage.share:"],
    ["a fault of no kind", scene(", fault: { explode: 1 }"), "scenes[0].replies[0].fault:"],
    ["a scene that ends in no known way", `${scene("")}\n    then: explode`, "scenes[0].then:"],
    ["a scene without replies", "scenes: [{ when: { phase: chat }, replies: [] }]", "scenes[0].replies:"],
  ])("%s", (_, text, words) => {
    expect(() => parseScreenplay(text)).toThrow(words)
  })
})
