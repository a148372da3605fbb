import { describe, expect, it } from "vitest"
import { cannotFail, existenceOnly, provesNothing, reportsRead } from "./can-fail.ts"

describe("a command that cannot fail is told", () => {
  it.each([
    "",
    "true",
    ":",
    "echo ok",
    "ls",
    "ls -la .",
    "exit 0",
    "npm test || true",
    "npm test || :",
    "npm test || echo failed",
    "npm test || exit 0",
    "npm test; true",
    "npm test; exit 0",
    "npm test\ntrue",
    "npm test | tee log.txt",
    "npm test | cat",
    "npm test &",
    "(npm test || true)",
    "{ npm test; true; }",
    "if npm test; then echo good; else echo bad; fi",
    "for f in a b; do node --test $f; true; done",
    "trap 'exit 0' EXIT; npm test",
    "sh -c 'npm test || true'",
    'bash -c "exit 0"',
    "env FOO=1 true",
    "timeout 5 true",
    "node -e 'console.log(1)'",
    'node -e "process.exit(0)"',
    "python3 -c 'print(1)'",
    "[ 1 -eq 1 ]",
    "test 1 = 1",
    "test -n x",
    "test -d .",
    "[[ a == a ]]",
    "node --version",
    "git status",
    "git diff --stat",
    "which node",
    "X=1",
    "true && echo ok",
    "npm test > log.txt || true",
    "! false; true",
    "find . -name '*.js'",
    "printf 'PASS\\n'",
  ])("%s", async (command) => {
    expect(await cannotFail(command)).toEqual(expect.any(String))
  })
})

describe("a command that can fail passes", () => {
  it.each([
    "npm test",
    "node --test test/a.test.js",
    "grep -q Install README.md",
    "test -s a.txt",
    "[ -f a.txt ]",
    "! grep -q TODO src/a.js",
    "set -e\nnpm test\necho done",
    "npm test && echo ok",
    "echo start && npm test",
    'test "$(node main.js)" = hello',
    "node main.js | grep -q hello",
    "diff <(node main.js) expected.txt",
    'node -e \'require("assert").equal(1, require("./a"))\'',
    "python3 -c 'import a; assert a.b() == 1'",
    "cd app && npm test",
    "npm test || exit 1",
    "npm test || { echo failed; exit 1; }",
    "[ $(wc -l < a.txt) -eq 3 ]",
    "git diff --exit-code",
    "cat a.txt",
    "ls dist/app.js",
    "FOO=1 npm test",
    "for f in test/*.js; do node $f || exit 1; done",
    "cargo test",
    "go vet ./...",
    "test ! -e junk.txt",
  ])("%s", async (command) => {
    expect(await cannotFail(command)).toBeUndefined()
  })
})

describe("scripts behind a command", () => {
  const files: Record<string, string> = {
    "package.json": JSON.stringify({ scripts: { test: "npm run unit", unit: "echo ok", lint: "eslint ." } }),
    Makefile: "test:\n\t@echo fine\ncheck: test\n\tpytest\n",
    "check.sh": "node --test\nexit 0\n",
    "good.sh": "set -e\nnode --test\n",
    "verify.js": "console.log('all good')\n",
    "test/check.js": 'import assert from "node:assert"\nassert.equal(1, await import("../a.js"))\n',
  }
  const read = async (path: string) => files[path] ?? null

  it.each(["npm test", "npm run unit", "make test", "sh check.sh", "bash ./check.sh", "node verify.js"])(
    "%s leads to one that cannot fail",
    async (command) => expect(await provesNothing(command, read)).toEqual(expect.any(String)),
  )

  it.each(["npm run lint", "make check", "sh good.sh", "node test/check.js", "npm run other"])(
    "%s leads to one that can",
    async (command) => expect(await provesNothing(command, read)).toBeUndefined(),
  )
})

describe("a weak command is known by what it looks at", () => {
  it.each([
    ["test -f a.txt", ["a.txt"]],
    ["[ -s out/b.txt ]", ["out/b.txt"]],
    ["test -e a && test -e b", ["a", "b"]],
    ["cat notes.md", ["notes.md"]],
    ["test ! -e junk", undefined],
    ["! test -e junk", undefined],
    ["! ls junk", undefined],
    ["test -e a && ! test -e junk", undefined],
    ["test -f a.txt && npm test", undefined],
    ["grep -q x a.txt", undefined],
  ])("%s: files that are there", (command, files) => expect(existenceOnly(command)).toEqual(files))

  it.each([
    ["grep -q PASS report.txt", ["report.txt"]],
    ["cat test-results/junit.xml | grep -q 'failures=\"0\"'", ["test-results/junit.xml"]],
    ["jq -e '.failed == 0' results.json", ["results.json"]],
    [
      "node -e \"if (JSON.parse(require('fs').readFileSync('out/results.json')).failed) process.exit(1)\"",
      ["out/results.json"],
    ],
    ["npm test > results.txt && grep -q PASS results.txt", []],
    ["grep -q Install README.md", []],
    ["grep -q total docs/report.md", []],
  ])("%s: reports", (command, files) => expect(reportsRead(command)).toEqual(files))
})
