/**
 * Where programs of this machine are found. A workspace can hold anything, also a `git` of its own, so a program is
 * taken from the system's folders first and from PATH only where nobody but the user or root can put one. Plain
 * JavaScript, for the launcher runs on older Nodes.
 */
import { accessSync, constants, existsSync, lstatSync, readlinkSync, realpathSync, statSync } from "node:fs"
import { homedir } from "node:os"
import { basename, delimiter, dirname, isAbsolute, join, resolve, sep } from "node:path"

const isWindows = process.platform === "win32"

/** Below these the system's own group may write, as Homebrew and Debian have it. */
const systemRoots = [
  "/usr",
  "/bin",
  "/sbin",
  "/opt",
  "/nix",
  "/etc",
  "/snap",
  "/var/lib/flatpak",
  "/Applications",
  "/Library",
  "/System",
]

/** Folders that are searched before PATH. */
export const systemFolders = isWindows
  ? windowsFolders()
  : [
      "/usr/local/bin",
      "/usr/bin",
      "/bin",
      "/usr/local/sbin",
      "/usr/sbin",
      "/sbin",
      "/opt/homebrew/bin",
      "/opt/homebrew/sbin",
      "/opt/local/bin",
      "/run/wrappers/bin",
      "/run/current-system/sw/bin",
      "/nix/var/nix/profiles/default/bin",
      "/snap/bin",
      "/Applications/Visual Studio Code.app/Contents/Resources/app/bin",
      "/Applications/Cursor.app/Contents/Resources/app/bin",
      "/Applications/Zed.app/Contents/MacOS",
    ]

function windowsFolders() {
  const windows = process.env.SystemRoot ?? "C:\\Windows"
  const programs = process.env.ProgramFiles ?? "C:\\Program Files"
  return [
    join(windows, "System32"),
    windows,
    join(windows, "System32", "WindowsPowerShell", "v1.0"),
    join(windows, "System32", "OpenSSH"),
    join(programs, "Git", "cmd"),
  ]
}

/** Folders whose files are not Aura's to run, by their real paths. */
const distrusted = new Set()
const found = new Map()
/** The last PATH that was built, of use to the next of a hundred git commands. */
let lastPath = { key: "", madeAt: 0, path: "" }
const lastPathMs = 1000

/** Nothing inside a workspace, or the repository that it is a part of, is run on the host from now on. */
export function distrust(folder) {
  const real = toReal(folder)
  distrusted.add(real)
  const project = findProject(real)
  if (project) distrusted.add(project)
  lastPath.key = ""
}

/**
 * Looks for a program; where it was found before, only whether it still may be run from there.
 * @param name without Windows' `.exe`; an absolute path is only checked
 * @returns its absolute path, or undefined where no trusted folder has it
 */
export function findProgram(name, { path = process.env.PATH ?? "", system = systemFolders } = {}) {
  if (isAbsolute(name)) return isTrustedFile(name) ? name : undefined
  const key = [name, path, ...system].join("\0")
  const known = found.get(key)
  if (known && isTrustedFile(known)) return known
  const file = isWindows && !/\.\w+$/.test(name) ? `${name}.exe` : name
  for (const folder of findFolders(path, system)) {
    const candidate = join(folder, file)
    if (!isTrustedFile(candidate)) continue
    found.set(key, candidate)
    return candidate
  }
  return undefined
}

/** @returns true for a program that nobody but the user or root can change */
export function isTrustedFile(file) {
  try {
    if (!isAbsolute(file)) return false
    const hops = follow(file)
    if (!hops.every((hop) => isTrustedFolder(dirname(hop)))) return false
    const target = hops.at(-1) ?? file
    const stats = statSync(target)
    accessSync(target, constants.X_OK)
    return stats.isFile() && isKeptByOwner(stats, target)
  } catch {
    // There is no such file, or it cannot be read.
    return false
  }
}

/** The PATH of what Aura starts on the host. A folder that others may write to is dropped within a second. */
export function hostPath(path = process.env.PATH ?? "") {
  const key = [process.cwd(), path].join("\0")
  const age = performance.now() - lastPath.madeAt
  if (lastPath.key !== key || age > lastPathMs)
    lastPath = { key, madeAt: performance.now(), path: findFolders(path, systemFolders).join(delimiter) }
  return lastPath.path
}

/** An environment with that PATH. */
export function hostEnv(env = process.env) {
  const others = Object.entries(env).filter(([name]) => name.toUpperCase() !== "PATH")
  return { ...Object.fromEntries(others), PATH: hostPath(env.PATH ?? process.env.PATH ?? "") }
}

function findFolders(path, system) {
  const named = path.split(delimiter).filter((folder) => isAbsolute(folder))
  const folders = [...system, ...named].flatMap((folder) => {
    try {
      const real = realpathSync(folder)
      return [real, folder].every(isNoPackageFolder) && isTrustedFolder(real) ? [real] : []
    } catch {
      return []
    }
  })
  return [...new Set(folders)]
}

/** Programs there come with a project's packages. */
function isNoPackageFolder(folder) {
  return !`${folder}${sep}`.includes(`${sep}node_modules${sep}.bin${sep}`)
}

function isTrustedFolder(folder) {
  const real = realpathSync(folder)
  if (isDistrusted(real) || !isNoPackageFolder(real)) return false
  for (let at = real; ; at = dirname(at)) {
    const stats = statSync(at)
    if (!stats.isDirectory() || !isKeptByOwner(stats, at, at !== real)) return false
    if (dirname(at) === at) return true
  }
}

/** @param isAbove true: in a folder above, others may make files as long as they cannot rename what is ours */
function isKeptByOwner({ uid, mode }, path, isAbove = false) {
  if (isWindows) return true
  // In a container of an ordinary user, the system's files belong to whoever its root folder belongs to.
  if (uid !== 0 && uid !== process.getuid?.() && uid !== statSync("/").uid) return false
  const others = systemRoots.some((root) => isWithin(path, root)) ? 0o002 : 0o022
  return (mode & others) === 0 || (isAbove && (mode & 0o1000) !== 0)
}

/** A file and all that its links lead through; the folder of each by its real path. */
function follow(file) {
  const hops = []
  for (let at = file; hops.length < 40; ) {
    at = join(realpathSync(dirname(at)), basename(at))
    hops.push(at)
    if (!lstatSync(at).isSymbolicLink()) return hops
    at = resolve(dirname(at), readlinkSync(at))
  }
  throw new Error("Too many links.")
}

function isDistrusted(real) {
  const here = findProject(toReal(process.cwd()))
  return (here !== undefined && isWithin(real, here)) || [...distrusted].some((root) => isWithin(real, root))
}

/** The project a folder is a part of: its repository or itself; undefined for what is above the home directory. */
function findProject(folder) {
  const isProject = (at) =>
    !isWithin(toReal(homedir()), at) && !systemRoots.some((root) => isWithin(at, root))
  for (let at = folder; isProject(at) && dirname(at) !== at; at = dirname(at))
    if (existsSync(join(at, ".git"))) return at
  return isProject(folder) && dirname(folder) !== folder ? folder : undefined
}

function toReal(path) {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

function isWithin(path, folder) {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)
}
