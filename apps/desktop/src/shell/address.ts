/** Decides whether an address opens in the window, in the browser, or not at all. */
import { fileURLToPath } from "node:url"

export type Way = "here" | "browser" | "nowhere"

/** @param home the server's origin, the only one a window shows */
export function wayOf(url: string, home: string): Way {
  if (!URL.canParse(url)) return "nowhere"
  const { origin, protocol } = new URL(url)
  if (origin === home || url === "about:blank") return "here"
  return protocol === "https:" || protocol === "http:" || protocol === "mailto:" ? "browser" : "nowhere"
}

/**
 * The file of an address that a web view wants to go to: that is how it takes one that was dropped on it. A page's own
 * wish to see a file never comes this far.
 */
export function toDropped(url: string): string | undefined {
  try {
    return url.startsWith("file:") ? fileURLToPath(url) : undefined
  } catch {
    // Of another machine, or no path at all.
    return undefined
  }
}

/**
 * What a path shows that one window at most may show: a project's editor, which holds unsaved work. Empty for all that
 * may be open twice.
 */
export function toSole(path: string): string {
  const { pathname, searchParams } = new URL(path, "http://aura")
  return pathname === "/ide" ? `editor of ${searchParams.get("project") ?? ""}` : ""
}

/** The path of an address of ours, without what signs in. */
export function toPath(url: string, home: string): string {
  if (wayOf(url, home) !== "here" || url === "about:blank") return "/"
  const { pathname, search } = new URL(url)
  // Two slashes would begin another address.
  return `${pathname.replace(/^\/{2,}/, "/")}${search}`
}
