import { expect, it } from "vitest"
import { normalize } from "./permissions.ts"

it("keeps each place that is granted once, in one spelling, and nothing that is none", () => {
  const granted = ["A.example.", "a.example", "a.example:8443", "bücher.example", "https://b.example", "*"]
  expect(normalize(granted)).toEqual(["a.example", "a.example:8443", "xn--bcher-kva.example"])
})
