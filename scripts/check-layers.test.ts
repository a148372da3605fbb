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
    [
      "the memory place reaching for the disk",
      "packages/workspace/src/memory/x.ts",
      'import { openLocalWorkspace } from "../local/local.ts"',
      "packages/workspace/src/memory may not import local",
    ],
    [
      "git reaching for who runs commands",
      "packages/workspace/src/git/x.ts",
      'import { createCustody } from "../custody/custody.ts"',
      "git may not import custody",
    ],
    [
      "one provider reaching into another",
      "packages/model/src/anthropic/x.ts",
      'import { a } from "../openai/openai.ts"',
      "anthropic may not import openai",
    ],
    [
      "a tool that knows the loop",
      "packages/engine/src/tools/x.ts",
      'import { startLoop } from "../loop/loop.ts"',
      "tools may not import loop",
    ],
    [
      "a session that knows proofs",
      "packages/engine/src/session/x.ts",
      'import { a } from "../proof/run-check.ts"',
      "session may not import proof",
    ],
    [
      "one app of the interface reaching into another",
      "interface/src/apps/tasks/x.tsx",
      'import { Run } from "../run/Run.tsx"',
      "apps/tasks may not import apps/run",
    ],
    [
      "the same in a chunk of its own",
      "interface/src/apps/editor/text/x.tsx",
      'const Run = lazy(() => import("../../run/Run.tsx"))',
      "apps/editor may not import apps/run",
    ],
    [
      "what apps share reaching into one of them",
      "interface/src/parts/run/x.ts",
      'import { a } from "../../apps/projects/permissions.logic.ts"',
      "parts may not import apps/projects",
    ],
    [
      "an app reaching for the frame around it",
      "interface/src/apps/tasks/x.tsx",
      'import { Shell } from "../../views/shell/Shell.tsx"',
      "apps/tasks may not import views",
    ],
    [
      "a folder that nobody drew",
      "packages/engine/src/drawer/x.ts",
      'import { a } from "../tools/tool.ts"',
      "check-layers knows no folder packages/engine/src/drawer",
    ],
  ])("refuses %s", (_, file, text, reason) => {
    expect(find(file, text)).toEqual([expect.stringContaining(reason)])
  })

  it("lets the rules take types of the store", () => {
    expect(find("packages/domain/src/x.ts", 'import type { Store } from "@aura/store"')).toEqual([])
  })
})
