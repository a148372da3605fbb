import { expect, it } from "vitest"
import { cutSubject } from "./commit-message.ts"

it.each([
  ["a short title", "Make it", "Make it"],
  ["a title of several lines", "Make it\n\nAura-Proof: none", "Make it Aura-Proof: none"],
  ["an emoji at the cut", `${"a".repeat(70)}😀b`, `${"a".repeat(70)}…`],
  ["a family at the cut", `${"a".repeat(62)}👨‍👩‍👧‍👦bbb`, `${"a".repeat(62)}…`],
  ["a letter with its accent at the cut", `${"a".repeat(70)}e\u0301bb`, `${"a".repeat(70)}…`],
  ["half of an emoji", "a\ud83d", "a\ufffd"],
])("the subject of a commit is one whole line: %s", (_, title, subject) => {
  expect(cutSubject(title)).toBe(subject)
})
