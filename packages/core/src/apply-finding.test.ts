import { describe, expect, test } from "vitest"
import { applyFinding, isApplicable } from "./apply-finding.ts"
import type { Finding } from "./finding.ts"

const finding = (quote: string | null, wording: string): Finding => ({
  kind: "ambiguous",
  quote,
  wording,
  why: "It may mean two things.",
})

describe("a finding", () => {
  test("takes the place of the passage it quotes, once", () => {
    const markdown = "- It is fast.\n- It is fast.\n"
    expect(applyFinding(markdown, finding("It is fast.", "It answers in 200 ms, $& included."))).toBe(
      "- It answers in 200 ms, $& included.\n- It is fast.\n",
    )
  })

  test("is added to the end of the document where it quotes nothing", () => {
    expect(applyFinding("# A\n\n- One.", finding(null, "- Two.\n"))).toBe("# A\n\n- One.\n\n- Two.\n")
  })

  test("changes nothing once its passage is gone", () => {
    expect(isApplicable(finding("gone", "here"), "text")).toBe(false)
    expect(applyFinding("text", finding("gone", "here"))).toBe("text")
    expect(isApplicable(finding(null, "here"), "text")).toBe(true)
  })
})
