/** What programs may send a terminal, and the screen it has to leave: 20 by 6. */

export type Case = {
  name: string
  send: string
  lines: string[]
  cursor?: [x: number, y: number]
  /** Sent once the screen was drawn anew, to see that what does not show came along too. */
  then?: { send: string; lines: string[] }
  answers?: string[]
  title?: string
}

export const size = { cols: 20, rows: 6 } as const
const esc = "\x1b"
const csi = "\x1b["

export const corpus: readonly Case[] = [
  { name: "line feed and carriage return", send: "one\r\ntwo\rT", lines: ["one", "Two"], cursor: [1, 1] },
  { name: "backspace", send: "abc\b\bX", lines: ["aXc"], cursor: [2, 0] },
  { name: "tabs", send: "a\tb\tc", lines: ["a       b       c"] },
  { name: "a tab stop set and all cleared", send: `${csi}3g${csi}5G${esc}H\r\tX`, lines: ["    X"] },
  { name: "a line that wraps", send: "x".repeat(22), lines: ["x".repeat(20), "xx"], cursor: [2, 1] },
  { name: "no wrapping when told so", send: `${csi}?7l${"x".repeat(22)}Y`, lines: [`${"x".repeat(19)}Y`] },
  { name: "cursor to a place", send: `${csi}2;3HX${csi}1;1HY`, lines: ["Y", "  X"], cursor: [1, 0] },
  { name: "cursor up, down, right, left", send: `${csi}B${csi}2CX${csi}AY${csi}3DZ`, lines: [" Z Y", "  X"] },
  { name: "cursor to a column and a row", send: `${csi}4Ga${csi}3db`, lines: ["   a", "", "    b"] },
  {
    name: "cursor never leaves the screen",
    send: `${csi}99;99HX`,
    lines: ["", "", "", "", "", `${" ".repeat(19)}X`],
  },
  { name: "cursor saved and restored", send: `ab${esc}7${csi}3;3H${esc}8X`, lines: ["abX"] },
  { name: "erasing to the end of the line", send: `abcdef\r${csi}2C${csi}K`, lines: ["ab"] },
  { name: "erasing to its start", send: `abcdef${csi}4G${csi}1K`, lines: ["    ef"] },
  { name: "erasing the screen", send: `abc\r\ndef${csi}2JX`, lines: ["", "   X"] },
  { name: "erasing below", send: `a\r\nb\r\nc${csi}2;1H${csi}J`, lines: ["a"] },
  { name: "inserting and deleting characters", send: `abcd\r${csi}2@${csi}5G${csi}1P`, lines: ["  abd"] },
  { name: "erasing characters in place", send: `abcd\r${csi}2X`, lines: ["  cd"] },
  { name: "repeating a character", send: `a${csi}4b`, lines: ["aaaaa"] },
  { name: "inserting lines", send: `a\r\nb${csi}1;1H${csi}LX`, lines: ["X", "a", "b"] },
  { name: "deleting lines", send: `a\r\nb\r\nc${csi}1;1H${csi}2M`, lines: ["c"] },
  {
    name: "a scroll region",
    send: `top\r\n1\r\n2\r\n3${csi}6;1Hend${csi}2;4r${csi}4;1H\nX`,
    lines: ["top", "2", "3", "X", "", "end"],
    then: { send: "\r\nY", lines: ["top", "3", "X", "Y", "", "end"] },
  },
  { name: "reverse line feed at the top", send: `a\r\nb${csi}H${esc}MX`, lines: ["X", "a", "b"] },
  { name: "scrolling up and down", send: `a\r\nb\r\nc${csi}S${csi}2T`, lines: ["", "", "b", "c"] },
  {
    name: "the other screen, and back",
    send: `shell${csi}?1049h${csi}Heditor`,
    lines: ["editor"],
    then: { send: `${csi}?1049l!`, lines: ["shell!"] },
  },
  {
    name: "bold, colours of 16, 256 and all",
    send: `${csi}1;31mr${csi}38;5;208mo${csi}38;2;1;2;3mt${csi}0m.`,
    lines: ["rot."],
  },
  {
    name: "a colour that is still on",
    send: `${csi}4;48;5;19mab`,
    lines: ["ab"],
    then: { send: "cd", lines: ["abcd"] },
  },
  { name: "wide characters", send: "漢字かな\r\n한글", lines: ["漢字かな", "한글"], cursor: [4, 1] },
  { name: "a wide character at the edge", send: `${"x".repeat(19)}漢`, lines: ["x".repeat(19), "漢"] },
  { name: "half of a wide character overwritten", send: "漢字\rX", lines: ["X 字"] },
  { name: "combining characters", send: "e\u0301a\u0308", lines: ["e\u0301a\u0308"], cursor: [2, 0] },
  { name: "emoji take two cells", send: "😀x", lines: ["😀x"], cursor: [3, 0] },
  {
    name: "line drawing, in and out",
    send: `${esc}(0lqk`,
    lines: ["┌─┐"],
    then: { send: `x${esc}(Bx`, lines: ["┌─┐│x"] },
  },
  {
    name: "insert mode",
    send: `abc\r${csi}4hX`,
    lines: ["Xabc"],
    then: { send: `Y${csi}4lZ`, lines: ["XYZbc"] },
  },
  { name: "origin mode", send: `${csi}2;4r${csi}?6h${csi}1;1HX${csi}?6l${csi}HY`, lines: ["Y", "X"] },
  { name: "a full reset", send: `${csi}31mabc${esc}cX`, lines: ["X"] },
  { name: "a title", send: `${esc}]0;my work\x07x`, lines: ["x"], title: "my work" },
  { name: "a link", send: `${esc}]8;;https://example.com${esc}\\here${esc}]8;;${esc}\\`, lines: ["here"] },
  { name: "what device it is, asked once", send: `${csi}cx`, lines: ["x"], answers: [`${csi}?1;2c`] },
  { name: "where the cursor is", send: `ab${csi}6n`, lines: ["ab"], answers: [`${csi}1;3R`] },
  // Hostile: nothing is typed into the shell that a program chose, and nothing leaves the terminal.
  { name: "writing the clipboard", send: `${esc}]52;c;cm0gLXJm\x07x`, lines: ["x"] },
  { name: "reading the clipboard", send: `${esc}]52;c;?\x07x`, lines: ["x"] },
  { name: "the title reported back", send: `${esc}]2;rm -rf\x07${csi}21tx`, lines: ["x"], title: "rm -rf" },
  { name: "an answerback", send: "\x05x", lines: ["x"] },
  { name: "an unknown device string", send: `${esc}Pzz;rm -rf${esc}\\x`, lines: ["x"] },
  { name: "an application's own string", send: `${esc}_Gpayload${esc}\\x`, lines: ["x"] },
  { name: "a sequence that never ends", send: `${esc}]0;${"a".repeat(5000)}\x18x`, lines: ["x"] },
  { name: "huge numbers", send: `${csi}99999999999999Cx${csi}99999999999A`, lines: [`${" ".repeat(19)}x`] },
  {
    name: "a title in two halves",
    send: `a${esc}]0;my`,
    lines: ["a"],
    then: { send: " work\x07b", lines: ["ab"] },
  },
  { name: "a sequence in two halves", send: `${csi}3`, lines: [], then: { send: "xy", lines: ["y"] } },
]
