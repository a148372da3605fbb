/** What only a checkout on disk has; what every checkout does is part of the suite of places. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import type { Checkout } from "../src/checkout.ts"
import { createCustody } from "../src/custody/custody.ts"
import type { Git } from "../src/git/git.ts"
import { openGit } from "../src/git/open.ts"
import { openLocalCheckout } from "../src/local/checkout.ts"
import { findSandbox } from "../src/sandbox/sandbox.ts"

type Opened = { git: Git; checkout: Checkout; put(path: string, text: string): void }

async function openLocal(part = ""): Promise<Opened> {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "aura-checkout-")))
  const dataDir = realpathSync(mkdtempSync(join(tmpdir(), "aura-checkout-data-")))
  const root = join(top, part)
  mkdirSync(root, { recursive: true })
  await openGit(top, join(dataDir, "git"))
  const { git, repository } = await openGit(root, join(dataDir, "git"))
  const custody = createCustody({ sandbox: await findSandbox(false), dataDir })
  onTestFinished(() => {
    custody.close()
    for (const path of [top, dataDir]) rmSync(path, { recursive: true, force: true })
  })
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return { git, checkout: openLocalCheckout({ repository, custody, dataDir, of: {} }), put }
}

const signal = new AbortController().signal
const options = { timeoutMs: 60_000, signal }

it("a checkout of a folder inside a repository has the folder's files alone", async () => {
  const { git, checkout, put } = await openLocal("packages/one")
  const code = async (command: string) => (await checkout.run(command, options)).exitCode
  put("a.txt", "one")
  await checkout.reset(await git.snapshot())
  put("a.txt", "two")
  expect(await code("grep -q one a.txt")).toBe(0)
  expect(await code("test -e packages")).not.toBe(0)
  expect(await code("echo three > a.txt && echo made > out.txt")).toBe(0)
  expect(await checkout.touched()).toEqual([{ path: "a.txt", isChanged: true }])
  await checkout.keep()
  expect(await code("echo spoiled > out.txt")).toBe(0)
  await checkout.goBack()
  expect(await code("grep -q one a.txt && grep -q made out.txt")).toBe(0)
})

describe("a checkout on disk", () => {
  it("matches the tree again after a reset, whatever a command did", async () => {
    const { git, checkout, put } = await openLocal()
    put("a.txt", "one\n")
    put("d/b.txt", "b\n")
    put("e/c.txt", "c\n")
    const tree = await git.snapshot()
    await checkout.reset(tree)
    const list = async () =>
      (
        await checkout.run(
          "find . -path ./.git -prune -o -printf '%p %y %m\\n' | sort; cat a.txt d/b.txt e/c.txt",
          options,
        )
      ).output
    const before = await list()
    const spoil = [
      "printf 'two\\n' > a.txt; touch -d '2001-01-01' a.txt; cp -p a.txt x.txt",
      "cp -p a.txt ../b; cat a.txt > y; printf 'two\\n' > a.txt; touch -r d/b.txt a.txt; chmod 755 a.txt",
      "rm a.txt; mkdir a.txt; echo x > a.txt/x; rm -r d; ln -s /tmp d; echo x > /tmp/b.txt; mv e f",
      "mkdir -p n/.git && git init -q m; echo '* text eol=crlf' > .gitattributes; echo '*' > .gitignore; rm -r d",
      "mkdir z; touch z/y; chmod 000 z; rm -r e",
    ]
    for (const command of spoil) {
      await checkout.run(command, options)
      expect(await list()).not.toBe(before)
      await checkout.reset(tree)
      expect([command, await list()]).toEqual([command, before])
    }
  })

  it("has the line ends that the attributes of its tree give", async () => {
    const { git, checkout, put } = await openLocal()
    put("a.txt", "one\n")
    const plain = await git.snapshot()
    put(".gitattributes", "* text eol=crlf\n")
    const converted = await git.snapshot()
    for (const [tree, bytes] of [
      [plain, 4],
      [converted, 5],
      [plain, 4],
    ] as const) {
      await checkout.reset(tree)
      expect((await checkout.run("wc -c < a.txt", options)).output.trim()).toBe(String(bytes))
    }
  })

  it("contains neither ignored files nor leftovers in temporary and home folders", async () => {
    const { git, checkout, put } = await openLocal()
    put(".gitignore", "lib/\n")
    put("lib/a.txt", "ignored")
    put("a.txt", "one")
    const tree = await git.snapshot()
    await checkout.reset(tree)
    await checkout.run("touch /tmp/left ~/left", options)
    await checkout.reset(tree)
    const { output } = await checkout.run("ls -A . lib /tmp ~", options)
    expect(output).not.toContain("left")
    expect((await checkout.run("test -e lib", options)).exitCode).toBe(1)
  })

  it("has installed dependencies where the tree lists some, and no program of theirs in the way of the system's", async () => {
    const { git, checkout, put } = await openLocal()
    put(".gitignore", "node_modules/\n")
    put("node_modules/thing/index.js", "")
    put("node_modules/.bin/node", "#!/bin/sh\nexit 0\n")
    await checkout.reset(await git.snapshot())
    expect((await checkout.run("test -e node_modules/thing", options)).exitCode).toBe(1)
    put("package.json", `{"dependencies":{"thing":"1"}}`)
    await checkout.reset(await git.snapshot())
    expect((await checkout.run("test -e node_modules/thing/index.js", options)).exitCode).toBe(0)
    expect((await checkout.run("test -s node_modules/.bin/node", options)).exitCode).toBe(1)
  })

  it("makes frozen files read-only for a command", async () => {
    const { git, checkout, put } = await openLocal()
    put("a.txt", "one")
    await checkout.reset(await git.snapshot())
    const frozen = { ...options, frozen: ["a.txt"] }
    expect((await checkout.run("cat a.txt", frozen)).output).toBe("one")
    for (const command of ["echo two > a.txt", "rm -f a.txt", "mv a.txt b.txt", "sed -i s/one/two/ a.txt"])
      expect((await checkout.run(command, frozen)).exitCode).not.toBe(0)
    expect(await checkout.touched()).toEqual([])
  })

  it("leaves no trace of a sealed command, in dependencies or stored output", async () => {
    const { git, checkout, put } = await openLocal()
    put(".gitignore", "node_modules/\n")
    put("package.json", `{"dependencies":{"thing":"1"}}`)
    put("node_modules/thing/index.js", "thing")
    const tree = await git.snapshot()
    await checkout.reset(tree)
    await checkout.folder.write("held/check.txt", "secret")
    const sealed = { ...options, isSealed: true }
    expect((await checkout.run("cat held/check.txt node_modules/thing/index.js", sealed)).output).toBe(
      "secretthing",
    )
    const steal = "cp held/check.txt node_modules/thing/ || cp held/check.txt node_modules/"
    expect((await checkout.run(steal, sealed)).exitCode).not.toBe(0)
    expect((await checkout.run(steal, options)).exitCode).toBe(0)
    const flood = await checkout.run("yes secret | head -c 200000", sealed)
    expect(flood.exitCode).toBe(0)
    expect(flood.kept).toBeUndefined()
    expect((await checkout.run("yes secret | head -c 200000", options)).kept).toBeDefined()
    await checkout.reset(tree)
    expect((await checkout.run("test -e held", options)).exitCode).toBe(1)
  })

  it("detects a file that was changed and changed back", async () => {
    const { git, checkout, put } = await openLocal()
    put("a.txt", "one")
    await checkout.reset(await git.snapshot())
    await checkout.run("cp a.txt /tmp/a && echo two > a.txt && cp /tmp/a a.txt", options)
    expect(await checkout.touched()).toEqual([{ path: "a.txt", isChanged: false }])
  })

  it("shows its commands the path of the workspace, and the repository's history", async () => {
    const { git, checkout, put } = await openLocal()
    put("a.txt", "one")
    await git.commit(await git.headTree(), await git.snapshot(), { except: [], message: "First" })
    await checkout.reset(await git.snapshot())
    const { output } = await checkout.run("pwd && git log --format=%s && git status --porcelain", options)
    expect(output.trim().split("\n").slice(0, 2)).toEqual([git.root, "First"])
  })
})
