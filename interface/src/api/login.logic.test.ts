import { describe, expect, it } from "vitest"
import { takeCode } from "./login.logic.ts"

describe("a sign-in code in the address", () => {
  it("is taken out and leaves the page it was opened on", () => {
    expect(takeCode("/projects/p1/run?x=1#code=abc")).toEqual({ code: "abc", rest: "/projects/p1/run?x=1" })
  })

  it("leaves other parts of the fragment alone", () => {
    expect(takeCode("/#line=4&code=a%2Bb")).toEqual({ code: "a+b", rest: "/#line=4" })
  })

  it("is absent from an ordinary address", () => {
    expect(takeCode("/projects")).toBeUndefined()
    expect(takeCode("/projects#R3")).toBeUndefined()
    expect(takeCode("/#code=")).toBeUndefined()
  })
})
