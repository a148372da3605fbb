/** One text for one value, whatever the order of its keys; and its digest. */
import { createHash } from "node:crypto"

export function toCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonical).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null"
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${toCanonical(field)}`)
  return `{${fields.join(",")}}`
}

export function digestOf(value: unknown): string {
  return createHash("sha256").update(toCanonical(value)).digest("hex")
}
