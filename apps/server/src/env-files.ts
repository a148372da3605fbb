/** The `.env` files that may configure Aura, and how far each is trusted. The current directory is never one of them. */
import { mkdirSync, realpathSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { parseEnv } from "node:util"
import { AuraError, toMessage } from "@aura/core"

import { isWithin } from "@aura/workspace"
import { z } from "zod"
import { isAttached } from "./attached.ts"
import { readSmallFile } from "./small-file.ts"

/**
 * own: Aura's own root; every name applies. named: chosen by a person; names that weaken a protection do not apply.
 * workspace: agents may write there, so names that redirect a secret do not apply either.
 */
export type Trust = "own" | "named" | "workspace"
export type EnvFile = { path: string; trust: Trust; values: Readonly<Record<string, string | undefined>> }

export type EnvPlaces = {
  /** The folder of Aura's code. */
  root: string
  /** The platform's configuration directory for Aura. */
  configDir: string
  /** The file given with `--env-file`. */
  named: string | null
}

/** The folder of Aura's code. */
export const auraRoot = resolve(fileURLToPath(new URL("../../..", import.meta.url)))
const rootsFile = "workspace-roots.json"

export function findPlaces(variables: NodeJS.ProcessEnv, named: string | null): EnvPlaces {
  return { root: auraRoot, configDir: findConfigDir(variables), named }
}

function findConfigDir(variables: NodeJS.ProcessEnv): string {
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "aura")
  if (process.platform === "win32")
    return join(variables.APPDATA || join(homedir(), "AppData", "Roaming"), "aura")
  return join(variables.XDG_CONFIG_HOME || join(homedir(), ".config"), "aura")
}

/**
 * The files in order of precedence.
 * @param defaultDataDir the data directory as the real environment and the platform say
 * @throws AuraError `bad_request` for a file that exists and cannot be read, or a named one that does not exist
 */
export function readEnvFiles(places: EnvPlaces, defaultDataDir: string): EnvFile[] {
  const own = join(places.root, ".env")
  const ownValues = readEnvFile(own)
  // Both data directories are checked: the file must not choose the list that decides about it.
  const dataDirs = [defaultDataDir, ownValues?.AURA_DATA_DIR].filter((dir) => dir !== undefined)
  const isInWorkspace = (path: string) => dataDirs.some((dataDir) => isAttached(dataDir, path))
  const isOwnTrusted = !isInWorkspace(toReal(places.root)) && !wasWorkspace(places)
  const files: EnvFile[] = []
  const add = (path: string, values: EnvFile["values"] | undefined) => {
    if (!values || files.some((file) => file.path === path)) return
    const trust = isInWorkspace(dirname(toReal(path))) ? "workspace" : "named"
    const isOwn = toReal(path) === toReal(own)
    files.push({ path, values, trust: isOwn ? (isOwnTrusted ? "own" : "workspace") : trust })
  }
  if (places.named !== null) {
    const values = readEnvFile(places.named)
    if (!values)
      throw new AuraError("bad_request", `There is no file ${places.named}, which --env-file names.`)
    add(places.named, values)
  }
  add(own, ownValues)
  const config = join(places.configDir, ".env")
  add(config, readEnvFile(config))
  return files
}

/**
 * Records that agents could write to Aura's own root: from then on its `.env` cannot weaken a protection, even after the project
 * was removed. Stored in the configuration directory, which no `.env` can change.
 */
export function rememberWorkspaces(
  places: Pick<EnvPlaces, "root" | "configDir">,
  folders: readonly string[],
): void {
  const root = toReal(places.root)
  if (wasWorkspace(places) || !folders.some((folder) => isWithin(root, folder))) return
  mkdirSync(places.configDir, { recursive: true, mode: 0o700 })
  const roots = JSON.stringify([...readRoots(places.configDir), root])
  writeFileSync(join(places.configDir, rootsFile), roots, { mode: 0o600 })
}

function wasWorkspace({ root, configDir }: Pick<EnvPlaces, "root" | "configDir">): boolean {
  return readRoots(configDir).includes(toReal(root))
}

function readRoots(configDir: string): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(readSmallFile(join(configDir, rootsFile)) ?? "[]"))
  } catch {
    return []
  }
}

/** `undefined` when there is none. @throws AuraError `bad_request` when it cannot be read */
export function readEnvFile(path: string): EnvFile["values"] | undefined {
  try {
    const text = readSmallFile(path)
    return text === undefined ? undefined : parseEnv(text)
  } catch (cause) {
    throw new AuraError("bad_request", `${path} cannot be read: ${toMessage(cause)}.`)
  }
}

function toReal(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
