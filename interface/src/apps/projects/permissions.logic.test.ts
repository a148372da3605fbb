import { describe, expect, it } from "vitest"
import { findProblem, toBody, toForm, toHosts } from "./permissions.logic.ts"

const form = toForm({ level: 2, hosts: ["a.example"] })

describe("what agents may do", () => {
  it("sends the hosts with the level that has them, and nothing of other levels", () => {
    expect(toBody(form)).toEqual({ level: 2 })
    expect(toBody({ ...form, level: 3, hosts: "B.example, a.example\nb.example" })).toEqual({
      level: 3,
      hosts: ["b.example", "a.example"],
    })
    expect(toBody({ ...form, level: 4, confirm: "Tally" })).toEqual({ level: 4, confirm: "Tally" })
  })

  it("asks for a host, for one that is a name, and for the project's name where all is allowed", () => {
    expect(findProblem(form, "Tally")).toBeUndefined()
    expect(findProblem({ ...form, level: 3, hosts: " " }, "Tally")).toContain("at least one")
    expect(findProblem({ ...form, level: 3, hosts: "https://x/y" }, "Tally")).toContain("https://x/y")
    expect(findProblem({ ...form, level: 4, confirm: "tally" }, "Tally")).toContain("project's name")
    expect(toHosts("")).toEqual([])
  })
})
