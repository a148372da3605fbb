/**
 * Gets a fresh clone ready and runs a command in it: the right Node, the packages, the built interface and, with
 * --browser, a browser for tests, with --window, what the native window stands on. Plain JavaScript that runs on Node 18; safe to repeat; says only what it does.
 *
 *   node scripts/bootstrap.mjs [--browser] [--window] [-- COMMAND …]
 */
import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { delimiter, dirname, isAbsolute, join, sep } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { forgetSecrets, withoutSecrets } from "../apps/server/src/forget-env.mjs"
import { findProgram, hostPath } from "../packages/workspace/src/host-program.mjs"
import { nodePackage, nodeVersion, writePin } from "./pinned-node.mjs"

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** No script of a package runs; none that Aura uses needs one. */
const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
const isWindows = process.platform === "win32"
const nodeFile = isWindows ? "node.exe" : "node"

/** Everything a command needs. Returns the environment to run it in; ends the process where that cannot be had. */
export function bootstrap(options = {}) {
  try {
    return prepare(options)
  } catch (error) {
    say(error.message)
    process.exit(1)
  }
}

function prepare({ browser = false, window = false }) {
  const env = withNode()
  once("packages", join(root, "node_modules", ".aura-packages"), [join(root, "package-lock.json")], () => {
    say("Installing packages…")
    installPackagesOf(env)
  })
  const sources = [
    "interface/src",
    "interface/public",
    "interface/index.html",
    "interface/vite.config.ts",
    "packages/core/src",
    "package-lock.json",
  ]
  once(
    "interface",
    join(root, "interface", "dist", ".aura-built"),
    sources.map((path) => join(root, path)),
    () => {
      say("Building the interface…")
      must(["run", "build", "--workspace", "interface", "--silent"], env, "pipe")
    },
  )
  if (window) installWebView(env)
  return browser ? withBrowser(env) : env
}

/** Exactly what the lock says, each package by its hash; neither way changes the lock. */
function installPackagesOf(env) {
  // `ci` empties the folder first, under the feet of an Aura that runs from it: only where there is none.
  if (!existsSync(join(root, "node_modules"))) {
    try {
      return must(["ci", ...quiet], env, "pipe")
    } catch {
      // A lock made where the registry lacks a package for another platform leaves it out, which `ci` refuses.
    }
  }
  must(["install", "--no-save", ...quiet], env)
}

/**
 * Runs `aura` from its sources. A small nursery keeps the process small, and with it every fork of it. "--" keeps Node
 * from taking `--env-file` for its own.
 */
export function runAura(args, env) {
  const main = join(root, "apps/cli/src/main.ts")
  runCommand(join(binOf(env), nodeFile), ["--max-semi-space-size=2", "--", main, ...args], env)
}

/** Runs a command, passing signals on, and ends as it ends. */
function runCommand(command, args, env) {
  const child = spawn(command, args, {
    stdio: "inherit",
    env: { ...env, AURA_LAUNCHER: String(process.pid) },
  })
  // The child has them now; this process is only waiting for it and needs to show them to nobody.
  forgetSecrets()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("error", (error) => {
    say(`${command} could not be started: ${error.message}`)
    process.exit(1)
  })
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)))
  // npm that is killed outright takes nobody along; the server must not be left holding the data directory.
  if (!process.env.npm_command) return
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500).unref()
}

/** The environment with a Node new enough in front of PATH; fetched from npm where the machine's is too old. */
export function withNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  if (major > 22 || (major === 22 && minor >= 19)) return withPath(dirname(process.execPath))
  const bin = join(root, ".node", "node_modules", nodePackage, "bin")
  if (!existsSync(join(bin, nodeFile))) {
    say(`Node ${process.versions.node} is too old; fetching Node ${nodeVersion} from npm…`)
    const folder = join(root, ".node")
    writePin(folder)
    must(["ci", "--prefix", folder, ...quiet], withPath(dirname(process.execPath)))
  }
  return withPath(bin)
}

function withPath(bin) {
  return { ...process.env, PATH: [bin, ...trustedPath()].join(delimiter) }
}

/**
 * PATH without what the current directory can fill: relative entries, and the `node_modules/.bin` folders that npm and
 * npx put in front for the project they are started in.
 */
function trustedPath() {
  const isForeign = (path) => /[\\/]node_modules[\\/]\.bin[\\/]?$/.test(path) && !path.startsWith(root + sep)
  return (process.env.PATH ?? "").split(delimiter).filter((path) => isAbsolute(path) && !isForeign(path))
}

/** Where the Node of such an environment is. */
function binOf(env) {
  return env.PATH.split(delimiter)[0]
}

/** Finds a browser for tests, or installs one: Debian's where apt may be used, else one that npm carries. */
function withBrowser(env) {
  const known = [
    process.env.AURA_BROWSER,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ]
  const found = () => known.find((path) => path && existsSync(path))
  if (!found() && mayInstall()) {
    say("Installing Chromium for the browser tests…")
    installPackages(["chromium", "fonts-dejavu-core"], env)
  }
  const path = found()
  if (!path)
    say(
      "No Chromium was found: install one (apt-get install chromium) or name it in AURA_BROWSER. The browser tests will fail.",
    )
  return path ? { ...env, AURA_BROWSER: path } : env
}

/** The web view and what its menu needs; other systems carry theirs. Without it Aura opens in the browser. */
function installWebView(env) {
  if (process.platform !== "linux" || !mayInstall()) return
  const libraries = ["libwebkit2gtk-4.1.so.0", "libxdo.so.3"]
  const ldconfig = findProgram("ldconfig")
  const known = ldconfig ? spawnSync(ldconfig, ["-p"], { encoding: "utf8" }).stdout : ""
  if (libraries.every((name) => known.includes(name))) return
  say("Installing WebKitGTK for the window…")
  installPackages(["libwebkit2gtk-4.1-0", "libxdo3"], env)
}

function mayInstall() {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")
}

/** Debian's packages; its lists are fetched where there are none, or where they are too old to go by. */
function installPackages(names, env) {
  const options = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...env, PATH: hostPath(), DEBIAN_FRONTEND: "noninteractive" },
  }
  const update = () => spawnSync("/usr/bin/apt-get", ["update", "-qq"], options)
  const install = () =>
    spawnSync("/usr/bin/apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names], options)
      .status
  if (!existsSync("/var/lib/apt/lists/lock") || readdirSync("/var/lib/apt/lists").length < 4) update()
  if (install() === 0) return
  update()
  install()
}

/** Does the work when what it depends on has changed since it was last done. */
function once(name, stamp, inputs, work) {
  const wanted = digest(inputs)
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return
  const lock = join(root, `.aura-${name}.lock`)
  const waited = waitFor(lock)
  try {
    if (waited && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return
    work()
    writeFileSync(stamp, wanted)
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Two commands started at once do the work once. The lock of a process that is gone is void. */
function waitFor(lock) {
  for (let waited = false; ; waited = true) {
    try {
      mkdirSync(lock)
      writeFileSync(join(lock, "pid"), String(process.pid))
      return waited
    } catch (error) {
      if (error.code !== "EEXIST") throw error
      if (!isHeld(lock)) rmSync(lock, { recursive: true, force: true })
      else if (!waited) say("Waiting for another Aura to finish installing…")
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
    }
  }
}

function isHeld(lock) {
  try {
    process.kill(Number(readFileSync(join(lock, "pid"), "utf8")), 0)
    return true
  } catch (error) {
    // Just made, its process not noted yet: give it a moment.
    return error.code === "ENOENT" && existsSync(lock) && Date.now() - statSync(lock).mtimeMs < 2000
  }
}

function digest(paths) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`)
  for (const path of paths.flatMap(filesOf))
    hash.update(`${path.slice(root.length)}\0`).update(readFileSync(path))
  return hash.digest("hex")
}

function filesOf(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)))
}

/** Runs npm, never one that the current folder brings along. */
function must(args, env, stdout = "ignore") {
  const npm = findNpm()
  // On Windows npm is a script, which only a shell starts.
  const quoted = [npm, ...args].map((arg) => (arg.includes(" ") ? `"${arg}"` : arg))
  const result = spawnSync(isWindows ? quoted.join(" ") : npm, isWindows ? [] : args, {
    shell: isWindows,
    cwd: root,
    env: { ...withoutSecrets(env), PATH: [binOf(env), dirname(npm), hostPath()].join(delimiter) },
    stdio: ["ignore", stdout, stdout === "pipe" ? "pipe" : "inherit"],
    encoding: "utf8",
  })
  if (result.status === 0) return
  const said = `${result.stdout ?? ""}${result.stderr ?? ""}`
  throw new Error(`${said}npm ${args.slice(0, 2).join(" ")} failed. Fix the cause above and try again.`)
}

/** The one that came with the Node that runs this, else one of the system. */
function findNpm() {
  const beside = join(dirname(process.execPath), isWindows ? "npm.cmd" : "npm")
  const npm = existsSync(beside) ? beside : findProgram("npm")
  if (npm) return npm
  throw new Error("npm was not found beside Node nor in the system's folders. Install it and try again.")
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const args = process.argv.slice(2)
  const cut = args.indexOf("--")
  const [command, ...rest] = cut === -1 ? [] : args.slice(cut + 1)
  const flags = args.slice(0, cut === -1 ? undefined : cut)
  const env = bootstrap({ browser: flags.includes("--browser"), window: flags.includes("--window") })
  if (command === "aura") runAura(rest, env)
  else if (command) runCommand(command === "node" ? join(binOf(env), nodeFile) : command, rest, env)
}
