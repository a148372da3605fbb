/** The user that commands run as when Aura runs as root: never root. */
import { stat } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { isWithin } from "../folder/folder.ts"
import type { SandboxUser } from "./box.ts"

/**
 * Replaces root in sandboxes. Outside the ranges that Debian and systemd assign to users and services
 * (www.debian.org/doc/debian-policy/ch-opersys.html, systemd.io/UIDS-GIDS).
 */
export const reservedId = 65530

const entryFile = fileURLToPath(new URL("./enter.pl", import.meta.url))

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/**
 * The owner of the workspace, or the reserved user where that is root; what root owns there is then the reserved
 * user's in the sandbox.
 * @param folders folders of Aura's own that commands use
 * @param repository the repository's own files, wherever they lie
 * @returns undefined where Aura does not run as root
 */
export async function findUser(
  root: string,
  folders: readonly string[],
  repository: readonly string[],
): Promise<SandboxUser | undefined> {
  if (!isRoot()) return undefined
  const { uid, gid } = await stat(root)
  return uid === 0
    ? { uid: reservedId, gid: reservedId, mapped: outermost([root, ...folders, ...repository]) }
    : { uid, gid: gid === 0 ? uid : gid, mapped: folders }
}

/** The folders that are not inside another one. */
function outermost(paths: readonly string[]): string[] {
  const all = [...new Set(paths)]
  return all.filter((path) => !all.some((other) => other !== path && isWithin(path, other)))
}

/** Arguments of perl; a program and its own arguments follow. */
export function toEntry({ uid, gid, mapped }: SandboxUser): string[] {
  return [entryFile, String(uid), String(gid), ...mapped, "--"]
}
