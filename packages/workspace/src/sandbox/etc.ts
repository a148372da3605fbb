/** What a sandboxed command sees of /etc: how programs are found, linked, localised and verified, and nothing else. */
import { cp, lstat, mkdir, readdir, writeFile } from "node:fs/promises"
import { basename, dirname, join, relative } from "node:path"

/** Names in /etc; nothing that may hold a credential or tells who uses this machine. */
const visible = new Set([
  "OpenCL",
  "R",
  "X11",
  "alpine-release",
  "alternatives",
  "arch-release",
  "bash.bashrc",
  "bash_completion",
  "bash_completion.d",
  "ca-certificates",
  "ca-certificates.conf",
  "chromium",
  "chromium.d",
  "crypto-policies",
  "debian_version",
  "dotnet",
  "erlang",
  "fedora-release",
  "fonts",
  "ghostscript",
  "glvnd",
  "gtk-3.0",
  "gtk-4.0",
  "host.conf",
  "hosts",
  "inputrc",
  "java",
  "jvm",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "locale.alias",
  "locale.conf",
  "locale.gen",
  "localtime",
  "login.defs",
  "lsb-release",
  "magic",
  "magic.mime",
  "mailcap",
  "manpath.config",
  "maven",
  "mime.types",
  "networks",
  "nsswitch.conf",
  "openmpi",
  "os-release",
  "papersize",
  "perl",
  "php",
  "profile",
  "profile.d",
  "protocols",
  "pulse",
  "redhat-release",
  "resolv.conf",
  "rpc",
  "ruby",
  "services",
  "shells",
  "terminfo",
  "timezone",
  "vulkan",
  "xdg",
])
const visibleFamilies = /^(java-[\w.-]+|python3(\.\d+)?|ImageMagick-\d+|php\d+)$/
/** Of these, only what is named: keys lie beside certificates. */
const visibleInside: Readonly<Record<string, readonly string[]>> = {
  default: ["locale"],
  pki: ["ca-trust", "java", "tls/cert.pem", "tls/certs", "tls/openssl.cnf"],
  ssl: ["cert.pem", "certs", "openssl.cnf"],
}
/** Mounted as they are: hundreds of links and certificates, all of them public, that take half a second to copy. */
const mounted = ["/etc/alternatives", "/etc/ssl/certs"]
const largestFile = 16 * 1024 * 1024

export type Account = { name: string; uid: number; gid: number; home: string }

/**
 * Copies the allowed files. A copy, because mounting one folder is faster than mounting seventy, and because the accounts
 * are replaced: a sandbox knows root, nobody and whom it runs as.
 * @param target is created; nothing lies there
 * @returns the folders of /etc that are to be mounted into it instead
 */
export async function makeEtc(target: string, account: Account): Promise<string[]> {
  await mkdir(target, { recursive: true })
  const folders = (
    await Promise.all(mounted.map(async (path) => ((await isFolder(path)) ? [path] : [])))
  ).flat()
  for (const path of folders) await mkdir(join(target, relative("/etc", path)), { recursive: true })
  const names = (await readdir("/etc").catch(() => [])).filter(
    (name) => visible.has(name) || visibleFamilies.test(name),
  )
  const inside = Object.entries(visibleInside).flatMap(([folder, parts]) =>
    parts.map((part) => join(folder, part)),
  )
  const copied = [...names, ...inside].filter((name) => !folders.includes(join("/etc", name)))
  await Promise.all(copied.map((name) => copy(join("/etc", name), join(target, name))))
  const { name, uid, gid, home } = account
  await writeFile(
    join(target, "passwd"),
    `root:x:0:0:root:/root:/bin/sh\n${name}:x:${uid}:${gid}::${home}:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n`,
  )
  await writeFile(join(target, "group"), `root:x:0:\n${name}:x:${gid}:\nnogroup:x:65534:\n`)
  return folders
}

/** True for a folder, not for a link to one. */
async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true
}

async function copy(from: string, to: string): Promise<void> {
  const found = await lstat(from).catch(() => undefined)
  if (!found) return
  await mkdir(dirname(to), { recursive: true })
  // A link that leads out of /etc, such as resolv.conf's, leads nowhere in the sandbox.
  const dereference = found.isSymbolicLink() && basename(from) !== "localtime"
  await cp(from, to, {
    recursive: true,
    dereference,
    verbatimSymlinks: !dereference,
    errorOnExist: false,
    filter: async (path) => {
      const one = await lstat(path).catch(() => undefined)
      if (one?.isFile()) return (one.mode & 0o004) !== 0 && one.size <= largestFile
      return (
        one !== undefined && (one.isSymbolicLink() || (one.isDirectory() && (one.mode & 0o005) === 0o005))
      )
    },
  }).catch((cause: NodeJS.ErrnoException) => {
    // Skips files that are unreadable or no longer exist.
    if (!["EACCES", "ENOENT", "EPERM", "ELOOP"].includes(cause.code ?? "")) throw cause
  })
}
