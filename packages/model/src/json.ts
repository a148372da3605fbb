/** Reading JSON that others wrote, without trusting its shape. */

export type Json = Record<string, unknown>

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** The value as an object; what is none becomes an empty one. */
export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {}
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : ""
}

/** A token count; what is missing or senseless counts as 0. */
export function countOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0
}

/** Parses an object; undefined when the text is no JSON or no object. */
export function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Half a pair of surrogates, as is left where a text was cut, makes a request invalid: it is replaced. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, "$1\\ufffd")
}

/** The objects of a list; none where it is no list. */
export function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
