import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { findViolations } from "./check-layers.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const find = (file: string, text: string) => findViolations(root, [{ file, text }])

describe("check-layers", () => {
  it("accepts the house as it stands", () => {
    expect(findViolations(root)).toEqual([])
  })

  it.each([
    [
      "an arrow that does not exist",
      "packages/core/src/x.ts",
      'import { a } from "@aura/domain"',
      "may not import @aura/domain",
    ],
    [
      "a value where only types are allowed",
      "packages/domain/src/x.ts",
      'import { openStore } from "@aura/store"',
      "may not import @aura/store",
    ],
    [
      "the interface reaching for the engine",
      "interface/src/x.ts",
      'import { a } from "@aura/engine"',
      "may not import @aura/engine",
    ],
    [
      "a vendor outside its wall",
      "packages/engine/src/x.ts",
      'import Anthropic from "@anthropic-ai/sdk"',
      "only packages/model",
    ],
    [
      "a package nobody declared",
      "packages/domain/src/x.ts",
      'import left from "left-pad"',
      "is not declared",
    ],
    [
      "a path out of the package",
      "packages/engine/src/x.ts",
      'import { a } from "../../domain/src/aura.ts"',
      "leaves packages/engine",
    ],
    ["Node in the core", "packages/core/src/x.ts", 'import fs from "node:fs"', "runs anywhere"],
    [
      "a commit outside the rules",
      "packages/engine/src/x.ts",
      "await aura.store.commit('x', {})",
      "only packages/domain",
    ],
  ])("refuses %s", (_, file, text, reason) => {
    expect(find(file, text)).toEqual([expect.stringContaining(reason)])
  })

  it("lets the rules take types of the store", () => {
    expect(find("packages/domain/src/x.ts", 'import type { Store } from "@aura/store"')).toEqual([])
  })
})
