import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createRedactor, isSecretFile, maskFile, removed } from "./redact.ts"

const x = (count: number) => "aB3".repeat(count).slice(0, count)
/** Put together here, so that no scanner takes this file for a leak. */
const keys = [
  `sk-ant-api03-${x(40)}`,
  `sk-proj-${x(40)}`,
  `sk-${x(48)}`,
  `AKIA${"Q7".repeat(8)}`,
  `ghp_${x(36)}`,
  `github_pat_${x(50)}`,
  `glpat-${x(20)}`,
  `xoxb-${x(24)}`,
  `AIza${x(35)}`,
  `ya29.${x(40)}`,
  `sk_live_${x(24)}`,
  `npm_${x(36)}`,
  `pypi-${x(60)}`,
  `SG.${x(22)}.${x(43)}`,
  `hf_${x(34)}`,
  `eyJ${x(20)}.eyJ${x(30)}.${x(43)}`,
  `-----BEGIN RSA PRIVATE KEY-----\n${x(64)}\n-----END RSA PRIVATE KEY-----`,
]

describe("a redactor", () => {
  it("takes out whatever has the form of a key, wherever it stands", () => {
    const redactor = createRedactor()
    for (const key of keys) {
      for (const text of [key, `key=${key}`, `"${key}",`, `a ${key}\nb`, `(${key})`])
        expect([key, redactor.text(text).includes(key.slice(8))]).toEqual([key, false])
    }
  })

  it("leaves ordinary text as it is", () => {
    const redactor = createRedactor(["marker-value-1234"])
    const texts = [
      "sk-button sk-primary-large-rounded-outline-with-icon-left",
      "The task-list of npm_config and hf_hub; AKIA is no key.",
      "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
      "eyJhbGciOi is how tokens begin",
      "const total = skip_live_check(123)",
    ]
    for (const text of texts) expect(redactor.text(text)).toBe(text)
  })

  it("takes out a known value plain, in base64, hex and URL-encoded, also within longer base64", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 12, maxLength: 60 }).filter((text) => /^[\x21-\x7e]+$/.test(text)),
        fc.string({ maxLength: 7 }),
        fc.string({ maxLength: 7 }),
        (secret, before, after) => {
          const redactor = createRedactor([secret])
          const whole = Buffer.from(before + secret + after)
          const inner = Buffer.from(secret).toString("base64").slice(4, 12)
          expect(redactor.text(`${before}${secret}${after}`)).toContain(removed)
          expect(redactor.text(encodeURIComponent(secret))).toBe(removed)
          expect(redactor.text(Buffer.from(secret).toString("hex"))).toBe(removed)
          expect(redactor.text(Buffer.from(secret).toString("base64"))).not.toContain(inner)
          expect(redactor.text(whole.toString("base64"))).toContain(removed)
          expect(redactor.text(whole.toString("base64url"))).toContain(removed)
        },
      ),
      { seed: 7, numRuns: 300 },
    )
  })

  it("changes strings at any depth and nothing else, and a second time nothing at all", () => {
    const redactor = createRedactor(["marker-value-1234"])
    const value = { a: ["x marker-value-1234", 7, null, { b: true, c: "marker-value-1234" }] }
    const once = redactor.value(value)
    expect(once).toEqual({ a: [`x ${removed}`, 7, null, { b: true, c: removed }] })
    expect(redactor.value(once)).toEqual(once)
  })

  it("learns later values, and no short ones", () => {
    const redactor = createRedactor(["true", null])
    expect(redactor.text("true marker-value")).toBe("true marker-value")
    redactor.learn("marker-value")
    expect(redactor.text("true marker-value")).toBe(`true ${removed}`)
  })

  it("says how far text that goes on is settled, so that no cut through a secret shows any of it", () => {
    const known = "marker value/1234s"
    const redactor = createRedactor([known])
    for (const secret of [...keys, known, Buffer.from(known).toString("hex")]) {
      const text = `one two ${secret} and on\n`
      for (let first = 1; first < text.length; first++) {
        const pieces = [text.slice(0, first), text.slice(first, first + 3), text.slice(first + 3)]
        let held = ""
        let shown = ""
        for (const piece of pieces) {
          held += piece
          const end = redactor.settled(held)
          shown += redactor.text(held.slice(0, end))
          held = held.slice(end)
        }
        expect([first, shown + held]).toEqual([first, `one two ${removed} and on\n`])
      }
    }
  })

  it("holds back nothing that cannot become one, and nothing for ever", () => {
    const redactor = createRedactor()
    for (const text of [
      "...F..",
      "\r[###    ] 30 %",
      "-----BEGIN CERTIFICATE-----\nMIIB",
      "compiling tests",
      "a task-list",
      "",
    ])
      expect([text, redactor.settled(text)]).toEqual([text, text.length])
    expect(redactor.settled(`sk-${"a".repeat(20_000)}`)).toBe(20_003)
    expect(redactor.settled(`-----BEGIN PRIVATE KEY-----\n${"a\n".repeat(10_000)}`)).toBe(20_028)
  })
})

describe("a file that holds secrets", () => {
  it("is known by its name", () => {
    for (const path of [".env", "app/.env.local", ".ENV", "a/id_rsa", "x.pem", ".netrc", ".npmrc", "k.p12"])
      expect([path, isSecretFile(path)]).toEqual([path, true])
    for (const path of [".env.example", "env.ts", "src/keys.ts", "README.md", "id_rsa.pub", "monkey"])
      expect([path, isSecretFile(path)]).toEqual([path, false])
  })

  it("keeps its names and loses its values", () => {
    const env = "# database\nDB_URL=postgres://u:p@h/d\nexport TOKEN = 'abc'\n\nEMPTY=\nMULTI=\"a\nb c\"\n"
    expect(maskFile(".env", env)).toBe(
      `# database\nDB_URL=${removed}\nexport TOKEN = ${removed}\n\nEMPTY=\nMULTI=${removed}\n${removed}\n`,
    )
    expect(maskFile(".netrc", "machine h login u password hunter2")).not.toContain("hunter2")
    expect(maskFile(".npmrc", "//r.example/:_authToken=hunter2")).not.toContain("hunter2")
    expect(maskFile(".pgpass", "h:5432:d:u:hunter2")).not.toContain("hunter2")
    expect(maskFile("id_rsa", "-----BEGIN X-----\naGVsbG8=\n-----END X-----")).toBe(
      `-----BEGIN X-----\n${removed}\n-----END X-----`,
    )
    expect(maskFile("src/a.ts", env)).toBe(env)
  })
})
