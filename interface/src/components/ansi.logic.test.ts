import { describe, expect, it } from "vitest"
import { stripAnsi, toSpans } from "./ansi.logic.ts"

const esc = "\u001b"

describe("terminal output", () => {
  it("keeps its colours as spans", () => {
    expect(toSpans(`${esc}[1;32mok${esc}[0m 3 passed ${esc}[31mred${esc}[39m.`)).toEqual([
      { text: "ok", bold: true, color: "green" },
      { text: " 3 passed " },
      { text: "red", color: "red" },
      { text: "." },
    ])
  })

  it("loses every other control code: cursor moves, titles, bells", () => {
    expect(stripAnsi(`${esc}]0;owned\u0007a${esc}[2Jb${esc}[10;4Hc\u0007\u0000d`)).toBe("abcd")
    expect(stripAnsi(`${esc}]52;c;aGk=${esc}\\x`)).toBe("x")
    expect(toSpans(`\u009b31mplain`)).toEqual([{ text: "31mplain" }])
  })

  it("shows a redrawn line as it was drawn last", () => {
    expect(stripAnsi("10 %\r50 %\r100 %\r\ndone\r\n")).toBe("100 %\ndone\n")
  })

  it("ignores colours it has no name for and stays readable", () => {
    expect(toSpans(`${esc}[38;5;200mpink${esc}[0m`)).toEqual([{ text: "pink" }])
  })
})
