import { describe, expect, it } from "vitest"
import { FromPage, FromShell } from "./messages.ts"
import { toPath } from "./shell/address.ts"

const window = 1

describe("a message of the windows", () => {
  it.each(["/", "/projects/1?tab=a&b=%20", "/ide?project=1&path=src%2Fa.ts\\\\b"])(
    "goes to the path %s",
    (path) => {
      expect(FromShell.safeParse({ type: "signIn", window, path }).success).toBe(true)
      expect(FromPage.safeParse({ type: "signIn", path }).success).toBe(true)
    },
  )

  it.each([
    "",
    "@evil.example/",
    ".evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/a#code=x",
    "/a b",
    "/a\nb",
    `/${"a".repeat(5000)}`,
  ])("does not go to %j, which would make another address of the server's", (path) => {
    for (const message of [
      { type: "signIn", window, path },
      { type: "newWindow", path },
      { type: "titled", window, title: "x", path },
    ])
      expect(FromShell.safeParse(message).success).toBe(false)
    expect(FromPage.safeParse({ type: "signIn", path }).success).toBe(false)
  })

  it.each(["https://example.com/?a=1", "http://127.0.0.1:1/", "mailto:ada@example.com"])(
    "opens %s outside",
    (url) => {
      expect(FromShell.safeParse({ type: "outside", url }).success).toBe(true)
    },
  )

  it.each([
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "vscode://file/etc/passwd",
    "smb://evil.example/share",
    "ms-settings:x",
    "--help",
    "/etc/passwd",
    "C:\\Windows\\System32\\calc.exe",
    "",
  ])("does not open %j outside", (url) => {
    expect(FromShell.safeParse({ type: "outside", url }).success).toBe(false)
  })

  it.each([
    { type: "quit" },
    { type: "outside", url: "https://example.com" },
    { type: "dropped", file: "/etc/passwd" },
    { type: "newWindow", path: "/" },
    { type: "chose", entry: "quit" },
    { type: "answered", answer: "delete" },
    { type: "unsaved", count: -1 },
    { type: "__proto__" },
    null,
    [],
  ])("of a page that only the window may say is dropped: %j", (message) => {
    expect(FromPage.safeParse(message).success).toBe(false)
  })

  it("names the path of an address so that it is one, however many slashes it has", () => {
    const home = "http://127.0.0.1:3100"
    expect(toPath(`${home}//evil.example/x?y`, home)).toBe("/evil.example/x?y")
    expect(toPath(`${home}/\\evil.example`, home)).toBe("/evil.example")
  })
})
