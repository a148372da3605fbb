import { expect, it } from "vitest"
import { dependsOn, isSystemProgram } from "./system-programs.ts"

it("knows what checks call, and tells a package of that name from another mention of it", () => {
  for (const name of ["node", "sh", "[", "go", "pytest", "sed"]) expect(isSystemProgram(name)).toBe(true)
  expect(isSystemProgram("vitest")).toBe(false)
  const manifest = `{ "engines": { "node": ">=20" }, "scripts": { "test": "pnpm -r test" },
    "devDependencies": { "pnpm": "10.0.0" } }`
  expect(dependsOn(manifest, "pnpm")).toBe(true)
  expect(["node", "test"].filter((name) => dependsOn(manifest, name))).toEqual([])
})
