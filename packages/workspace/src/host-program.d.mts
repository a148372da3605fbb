export const systemFolders: readonly string[]
/** Nothing inside a workspace, or the repository that it is a part of, is run on the host from now on. */
export function distrust(folder: string): void
/**
 * Looks for a program once, in the system's folders and then in the trusted ones of PATH.
 * @param name without Windows' `.exe`; an absolute path is only checked
 * @returns its absolute path, or undefined where no trusted folder has it
 */
export function findProgram(
  name: string,
  places?: { path?: string; system?: readonly string[] },
): string | undefined
/** @returns true for a program that nobody but the user or root can change */
export function isTrustedFile(file: string): boolean
/** The PATH of what Aura starts on the host: folders that no workspace and nobody else can write to. */
export function hostPath(path?: string): string
/** An environment with that PATH. */
export function hostEnv(env?: NodeJS.ProcessEnv): Record<string, string | undefined>
