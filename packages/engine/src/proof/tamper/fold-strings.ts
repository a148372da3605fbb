/** Texts that a program puts together, as one text: `["NODE", "ENV"].join("_")` hides nothing. Lines stay where they are. */

const text = String.raw`(?:"([^"\\\n]{0,200})"|'([^'\\\n]{0,200})')`
const sum = new RegExp(`${text}[ \\t]{0,20}\\+[ \\t]{0,20}${text}`, "g")
const joined =
  /\[((?:[ \t]{0,20}["'][^"'\\\n]{0,100}["'][ \t]{0,20},?){1,40})\][ \t]{0,20}\.join\([ \t]{0,20}["']([^"'\\\n]{0,20})["'][ \t]{0,20}\)/g
const reversed = /["']([^"'\\\n]{1,200})["']\.split\(["']{2}\)\.(?:reverse|toReversed)\(\)\.join\(["']{2}\)/g
const encoded =
  /(?:\batob\(["']([\w+/=]{1,400})["']\)|\bBuffer\.from\(["']([\w+/=]{1,400})["'],\s{0,5}["'](base64|hex)["']\)(?:\.toString\(\))?)/g
const codes = /\bString\.fromCharCode\(((?:\s{0,5}\d{1,5}\s{0,5},?){1,100})\)/g
const maxRounds = 20

export function foldStrings(source: string): string {
  let folded = source
  for (let round = 0; round < maxRounds; round++) {
    const next = folded
      .replaceAll(sum, (_, a = "", b = "", c = "", d = "") => `"${a}${b}${c}${d}"`)
      .replaceAll(joined, (_, list: string, by: string) => `"${readTexts(list).join(by)}"`)
      .replaceAll(reversed, (_, said: string) => `"${Array.from(said).toReversed().join("")}"`)
      .replaceAll(codes, (_, list: string) => toText(String.fromCharCode(...list.split(",").map(Number))))
      .replaceAll(
        encoded,
        (_, plain: string | undefined, said: string | undefined, how: string | undefined) =>
          toText(Buffer.from(plain ?? said ?? "", how === "hex" ? "hex" : "base64").toString("utf8")),
      )
    if (next === folded) break
    folded = next
  }
  return folded
}

function readTexts(list: string): string[] {
  return [...list.matchAll(/["']([^"'\\\n]{0,100})["']/g)].map(([, said = ""]) => said)
}

function toText(said: string): string {
  return `"${said.replace(/["\\\n]/g, " ")}"`
}
