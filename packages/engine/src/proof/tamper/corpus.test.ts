import { describe, expect, it } from "vitest"
import { type Case, readCorpus } from "../../../test/tamper-corpus/reader.ts"
import { findTampering } from "./tamper.ts"

async function judge({ before, after, commands, asked }: Case) {
  const paths = [...new Set([...before.keys(), ...after.keys()])]
  const files = paths
    .map((path) => ({ path, before: before.get(path) ?? null, after: after.get(path) ?? null }))
    .filter((file) => file.before !== file.after)
  const readBase = async (path: string) => before.get(path) ?? null
  return (await findTampering({ files, commands, asked, readBase })).filter((finding) => finding.isBlocking)
}

async function score(cases: readonly Case[]) {
  const missed: string[] = []
  const falseAlarms: string[] = []
  for (const one of cases) {
    const findings = await judge(one)
    if (one.isVillain && findings.length === 0) missed.push(`${one.from}: ${one.title}`)
    if (!one.isVillain && findings.length > 0)
      falseAlarms.push(
        `${one.from}: ${one.title}: ${findings.map((finding) => `${finding.kind}: ${finding.sentence}`).join(" | ")}`,
      )
  }
  const villains = cases.filter((one) => one.isVillain).length
  return { missed, falseAlarms, villains, honest: cases.length - villains }
}

describe("the tamper guard on labelled changes", () => {
  for (const ending of [".seen.txt", ".held.txt"])
    it(`sees at least 95 % of the tampering and raises at most 3 % of false alarms (${ending})`, async () => {
      const { missed, falseAlarms, villains, honest } = await score(readCorpus(ending))
      expect({ missed, falseAlarms }).toEqual({
        missed: missed.slice(0, Math.floor(villains * 0.05)),
        falseAlarms: falseAlarms.slice(0, Math.floor(honest * 0.03)),
      })
      expect(villains).toBeGreaterThanOrEqual(40)
      expect(honest).toBeGreaterThanOrEqual(40)
    })
})
