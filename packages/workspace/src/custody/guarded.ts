/** The files of a workspace that belong to git, which its commands cannot change while they run. */
import { mkdir, rmdir } from "node:fs/promises"
import { join } from "node:path"
import { AuraError } from "@aura/core"
import { isWithin } from "../folder/folder.ts"
import { giveToOwner } from "../folder/owner.ts"
import { findGitLocation, type GitLocation, readMark } from "../git/location.ts"

export type Guarded = {
  /**
   * Called for each command; `end` is called when it has ended. The repository is located when the first command
   * begins and remembered while one runs: no command can change it, and any other change is rejected.
   * @param root a real path
   * @throws AuraError `conflict` for a `.git` that is not a repository of this folder, or that was replaced
   */
  begin(root: string): Promise<GuardedPaths>
}

export type GuardedPaths = {
  /** Read-only for the command. */
  repository: readonly string[]
  /** Empty folders that reserve a name. */
  covered: readonly string[]
  end(): Promise<void>
}

type Known = { place: GitLocation | undefined; running: number }

export function createGuarded(): Guarded {
  const known = new Map<string, Known>()

  async function establish(root: string): Promise<Known> {
    const held = known.get(root)
    if (held) {
      await refuseChange(root, held.place)
      return held
    }
    const place = await findGitLocation(root)
    const fresh = known.get(root) ?? { place, running: 0 }
    known.set(root, fresh)
    return fresh
  }

  return {
    async begin(root) {
      const held = await establish(root)
      held.running += 1
      const { place } = held
      const isOwn = place !== undefined && isWithin(place.top, root)
      const name = join(root, ".git")
      // Owned by the folder's owner: it remains when Aura is killed, and they may want to create a repository there.
      if (!isOwn) await mkdir(name).then(() => giveToOwner(name, root), ignore("EEXIST"))
      return {
        repository: isOwn ? [...new Set([place.gitDir, place.commonDir, name])] : [],
        covered: isOwn ? [] : [name],
        end: async () => {
          held.running -= 1
          if (held.running > 0) return
          known.delete(root)
          // The person may have created a repository there meanwhile.
          if (!isOwn) await rmdir(name).catch(ignore("ENOTEMPTY", "ENOENT", "EEXIST", "ENOTDIR"))
        },
      }
    },
  }
}

async function refuseChange(root: string, place: GitLocation | undefined): Promise<void> {
  const top = place?.top ?? root
  const isSame = (await readMark(top)) === (place?.mark ?? "")
  const isClear = top === root || (await readMark(root)) === ""
  if (isSame && isClear) return
  throw new AuraError(
    "conflict",
    `The .git of ${root} was replaced while a command runs there. No other command is run until that one is over.`,
  )
}

function ignore(...codes: string[]): (cause: NodeJS.ErrnoException) => void {
  return (cause) => {
    if (!codes.includes(cause.code ?? "")) throw cause
  }
}
