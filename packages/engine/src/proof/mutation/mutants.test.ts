import { expect, it } from "vitest"
import { choose, findMutants } from "./mutants.ts"

const found = async (path: string, text: string, lines?: readonly number[]) =>
  (await findMutants(path, text, (line) => !lines || lines.includes(line))).map(
    ({ line, kind, was, becomes }) => `${line} ${kind}: ${was} -> ${becomes}`,
  )

it("negates conditions, changes operators and constants, and drops returns and statements", async () => {
  const text = `import x from "./1.js"
export function pay(sum, rate) {
  if (sum > 10) log(sum)
  const isDue = true
  return sum * rate
}
`
  expect(await found("a.js", text)).toEqual([
    "3 condition: (sum > 10) -> (!(sum > 10))",
    "3 operator: > -> >=",
    "3 constant: 10 -> 11",
    "3 statement: log(sum) -> ;",
    "4 constant: true -> false",
    "5 return: return sum * rate -> return undefined",
    "5 operator: * -> /",
  ])
})

it("looks at the changed lines alone", async () => {
  expect(await found("a.js", "const a = 1\nconst b = 2\n", [2])).toEqual(["2 constant: 2 -> 3"])
})

it("reads Python, Go, Rust, Java and TypeScript, and nothing of other languages", async () => {
  expect(await found("a.py", "def f(a):\n    if a and a > 1:\n        g(a)\n    return a\n")).toEqual([
    "2 condition: a and a > 1 -> not (a and a > 1)",
    "2 operator: and -> or",
    "2 operator: > -> >=",
    "2 constant: 1 -> 2",
    "3 statement: g(a) -> pass",
    "4 return: return a -> return None",
  ])
  expect(
    await found(
      "a.go",
      "package a\nfunc F(a int) int {\n\tif a < 2 {\n\t\treturn 1\n\t}\n\treturn a - 1\n}\n",
    ),
  ).toEqual([
    "3 condition: a < 2 -> !(a < 2)",
    "3 operator: < -> <=",
    "3 constant: 2 -> 3",
    "4 constant: 1 -> 2",
    "6 operator: - -> +",
    "6 constant: 1 -> 2",
  ])
  expect(
    await found("a.rs", "fn f(a: i32) -> bool {\n    if a == 2 { return true; }\n    false\n}\n"),
  ).toContain("2 condition: a == 2 -> !(a == 2)")
  expect(await found("A.java", "class A { int f(int a) { if (a != 2) { g(); } return a + 1; } }")).toEqual(
    expect.arrayContaining(["1 condition: (a != 2) -> (!(a != 2))", "1 operator: + -> -"]),
  )
  expect(await found("a.ts", "type T = 1 | 2\nexport const a: 3 = 3\n")).toEqual(["2 constant: 3 -> 4"])
  expect(await found("a.css", "a { top: 1px }")).toEqual([])
  expect(await found("a.sh", "exit 1\n")).toEqual([])
})

it("makes a text with that fault alone", async () => {
  const [first] = await findMutants("a.js", "const a = 1 // é\nconst b = 2\n", () => true)
  expect(first?.text).toBe("const a = 2 // é\nconst b = 2\n")
})

it("chooses few of them, of different kinds and lines first", () => {
  const all = [1, 2, 3, 4, 5, 6].map((line) => ({
    line,
    kind: line % 2 ? ("operator" as const) : ("return" as const),
  }))
  const chosen = choose(all, 3)
  expect(new Set(chosen.map(({ kind }) => kind)).size).toBe(2)
  expect(new Set(chosen.map(({ line }) => line)).size).toBe(3)
  expect(choose(all, 10)).toHaveLength(6)
  expect(choose([], 3)).toEqual([])
})
