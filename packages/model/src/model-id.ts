/** How gateways and clouds spell the ids of Claude models, and which row of the table they mean. */

const families = ["opus", "sonnet", "haiku", "fable", "mythos"] as const
export type Family = (typeof families)[number]

/**
 * The id as Anthropic spells it: without gateway, region, cloud, version of the packaging, date and variant. Ids of
 * other models come back in small letters and otherwise as they are.
 * - OpenRouter, Vercel: `anthropic/claude-opus-5.5`, `anthropic/claude-haiku-5.5-20261007:batch`
 * - Bedrock: `us.anthropic.claude-opus-4-5-20251101-v1:0`, the ARN of a profile
 * - Google Cloud: `claude-opus-4-5@20251101`, `publishers/anthropic/models/claude-opus-5-5`
 * - Claude Code: `claude-opus-5-5[1m]`; some gateways: `claude-4.5-sonnet`
 */
export function toCanonicalId(id: string): string {
  const plain = id.trim().toLowerCase()
  const name = /(?:^|[/.:~_-])(claude[-_.][a-z0-9._-]{1,100})(?:[@:[].{0,100})?$/.exec(plain)?.[1]
  if (name === undefined) return plain
  const words = name
    .replace(/[._]/g, "-")
    .replace(/-v\d+$/, "")
    .replace(/-(latest|default|preview-latest)$/, "")
    .replace(/-\d{8}$/, "")
    .replace(/-(latest|fast|thinking|low|medium|high|xhigh|max|1m)$/, "")
  // `claude-4-5-sonnet` is `claude-sonnet-4-5`.
  return words.replace(/^claude-(\d+(?:-\d+)?)-([a-z]+)$/, "claude-$2-$1")
}

/** The id to be sent: the mark for the long window is Claude Code's own and no server knows it. */
export function toWireId(id: string): string {
  return id.trim().replace(/\[[^\][]*\]$/, "")
}

/** Which line of Claude models an id names, wherever in it. */
export function familyOf(id: string): Family | undefined {
  const words = id.toLowerCase().split(/[^a-z]+/)
  return families.find((name) => words.includes(name))
}

/** `5.5` of `claude-opus-5-5`; undefined where the id has no version. */
export function versionOf(canonicalId: string): number | undefined {
  const found = /^claude-[a-z]+-(\d{1,2})(?:-(\d{1,2}))?(?!\d)/.exec(canonicalId)
  return found ? Number(found[1]) + Number(found[2] ?? 0) / 100 : undefined
}
