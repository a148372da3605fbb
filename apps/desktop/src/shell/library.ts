/** Loads the window's library: its own file where the system can, a weakened copy where the C library is too old. */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { z } from "zod"
import { weakenNeed } from "./weaken.ts"

export type Library = typeof import("@webviewjs/webview")

/** What it asks for at most, for two functions of its standard library that are tested for before they are called. */
const newest = "GLIBC_2.39"
const require = createRequire(import.meta.url)

/**
 * @param folder where a copy may be kept
 * @throws what the loader said
 */
export function loadLibrary(folder: string): Library {
  const copy = process.platform === "linux" && isOlder(readSystem()) ? weakCopy(folder) : undefined
  if (copy) process.env.NAPI_RS_NATIVE_LIBRARY_PATH = copy
  const library: Library = require("@webviewjs/webview")
  return library
}

function weakCopy(folder: string): string | undefined {
  const name = `linux-${process.arch}-gnu`
  const original = require.resolve(`@webviewjs/webview-${name}/webview.${name}.node`)
  const { size, mtimeMs } = statSync(original)
  const copy = join(folder, `webview-${size}-${Math.trunc(mtimeMs)}.node`)
  if (existsSync(copy)) return copy
  const bytes = readFileSync(original)
  if (weakenNeed(bytes, newest) === 0) return undefined
  mkdirSync(folder, { recursive: true })
  // Another window may load it at this moment: it appears whole or not at all.
  writeFileSync(`${copy}.${process.pid}`, bytes)
  renameSync(`${copy}.${process.pid}`, copy)
  return copy
}

const Report = z.object({ header: z.object({ glibcVersionRuntime: z.string().optional() }) })

/** The C library's version; empty where the system has another one. */
function readSystem(): string {
  return Report.parse(process.report.getReport()).header.glibcVersionRuntime ?? ""
}

export function isOlder(system: string, than = newest.replace("GLIBC_", "")): boolean {
  if (system === "") return false
  const [major = 0, minor = 0] = system.split(".").map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = than.split(".").map(Number)
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor)
}
