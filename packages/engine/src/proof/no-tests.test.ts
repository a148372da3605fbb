import { describe, expect, it } from "vitest"
import { findNoTests } from "./no-tests.ts"

describe("a run without a test is told", () => {
  it.each([
    ["node, none", "ℹ tests 0\nℹ suites 0\nℹ pass 0\nℹ fail 0\n"],
    [
      "node, a file without tests",
      "✔ test/empty.test.js (31.2ms)\nℹ tests 1\nℹ suites 0\nℹ pass 1\nℹ fail 0\nℹ skipped 0\n",
    ],
    [
      "node as TAP",
      "TAP version 13\n# Subtest: /w/test/empty.test.js\nok 1 - /w/test/empty.test.js\n  ---\n  duration_ms: 1\n  ...\n1..1\n# tests 1\n# pass 1\n# fail 0\n",
    ],
    ["node, all skipped", "﹣ adds (0.3ms) # SKIP\nℹ tests 1\nℹ pass 0\nℹ fail 0\nℹ skipped 1\n"],
    ["pytest", "collected 0 items\n\n==== no tests ran in 0.01s ====\n"],
    ["pytest, all skipped", "ss [100%]\n2 skipped in 0.02s\n"],
    ["unittest", "\n----\nRan 0 tests in 0.000s\n\nOK\n"],
    ["unittest, all skipped", "ss\n----\nRan 2 tests in 0.000s\n\nOK (skipped=2)\n"],
    ["go", "?   \texample.com/a\t[no test files]\n?   \texample.com/b\t[no test files]\n"],
    [
      "go, no match",
      "testing: warning: no tests to run\nPASS\nok  \texample.com/a\t0.002s [no tests to run]\n",
    ],
    [
      "cargo",
      "running 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n",
    ],
    ["jest", "No tests found, exiting with code 0\n"],
    ["vitest", "\n\u001b[33mNo test files found, exiting with code 0\u001b[39m\n"],
    ["mocha", "\n\n  0 passing (1ms)\n\n"],
    ["TAP", "TAP version 13\n1..0\n"],
    ["maven", "Tests run: 0, Failures: 0, Errors: 0, Skipped: 0\n"],
    ["gradle", "> Task :test NO-SOURCE\n\nBUILD SUCCESSFUL\n"],
    ["rspec", "\n0 examples, 0 failures\n"],
    ["jest, all skipped", "Tests:       3 skipped, 3 total\n"],
    ["vitest, all skipped", " Test Files  1 skipped (1)\n      Tests  2 skipped (2)\n"],
  ])("%s", (_, output) => expect(findNoTests(output)).toEqual(expect.any(String)))
})

describe("a run with tests passes", () => {
  it.each([
    ["node", "✔ adds (1.1ms)\n✔ subtracts (0.2ms)\nℹ tests 2\nℹ pass 2\nℹ fail 0\n"],
    ["node, a test named as its file does not", "✔ reads a.js (1.1ms)\nℹ tests 1\nℹ pass 1\nℹ fail 0\n"],
    ["pytest", "collected 3 items\n\n=== 2 passed, 1 skipped in 0.02s ===\n"],
    ["pytest -q", "..  [100%]\n2 passed in 0.01s\n"],
    ["go", "?   \texample.com/a\t[no test files]\nok  \texample.com/b\t0.002s\n"],
    [
      "cargo",
      "test result: ok. 2 passed; 0 failed; 0 ignored\nrunning 0 tests\ntest result: ok. 0 passed; 0 failed; 0 ignored\n",
    ],
    ["mocha", "  2 passing (10ms)\n"],
    ["maven", "Tests run: 4, Failures: 0, Errors: 0, Skipped: 1\n"],
    ["vitest", "      Tests  3 passed | 1 skipped (4)\n"],
    ["jest", "Tests:       1 skipped, 3 passed, 4 total\n"],
    ["a program", "Hello Ada\n"],
    ["nothing", ""],
  ])("%s", (_, output) => expect(findNoTests(output)).toBeUndefined())
})
