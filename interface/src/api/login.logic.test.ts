import { describe, expect, it } from "vitest"
import { renewAfterMs, takeCode } from "./login.logic.ts"

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

describe("the token of this device", () => {
  const token = (payload: object) => `x.${btoa(JSON.stringify(payload)).replaceAll("=", "")}.y`

  it("is renewed when half of its time is over, and not after its end", () => {
    const hours = 60 * 60 * 1000
    expect(renewAfterMs(token({ sub: "owner", exp: 12 * 3600 }), 0)).toBe(6 * hours)
    expect(renewAfterMs(token({ exp: 3600 }), 3_599_000)).toBe(60_000)
    expect(renewAfterMs(token({ exp: 3600 }), 3_600_000)).toBeUndefined()
  })

  it("is left alone when it is none of ours", () => {
    for (const text of ["", "a.b", "a.%%%.c", token({ exp: "soon" })])
      expect(renewAfterMs(text, 0)).toBeUndefined()
  })
})
