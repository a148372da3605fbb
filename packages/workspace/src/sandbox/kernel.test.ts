/**
 * What a sandboxed command reaches of the kernel's settings, tried as root and as an ordinary user. Nothing is written: a
 * file is opened for writing and closed again.
 */
import { spawnSync } from "node:child_process"
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it, onTestFinished } from "vitest"
import { asUser } from "./bubblewrap.ts"
import { findUser, isRoot, reservedId } from "./other-user.ts"
import { makeParts } from "./parts.ts"
import { toSpawned } from "./sandbox.ts"

/** An ordinary user for the tests that run as root. */
const person = isRoot() ? 65_531 : (process.getuid?.() ?? 0)
const base = realpathSync(mkdtempSync(join(tmpdir(), "aura-kernel-")))
chmodSync(base, 0o755)
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** Prints what can be opened for writing in /proc and /sys, less the folders of the command's own processes. */
const walk = `
import os, json
opened = []
own = {"self", "thread-self", str(os.getpid()), str(os.getppid())}
for top in ["/proc", "/sys"]:
    for folder, folders, files in os.walk(top):
        if folder == "/proc":
            folders[:] = [name for name in folders if name not in own]
        for name in files:
            try:
                os.close(os.open(folder + "/" + name, os.O_WRONLY | os.O_NONBLOCK))
                opened.append(folder + "/" + name)
            except OSError:
                pass
print(json.dumps(opened))
`

type Runs = (command: string) => { status: number | null; output: string }

/** Runs commands in a sandbox of `runner`, on a workspace of `owner`. */
async function open(
  name: string,
  { owner, runner, home = "/home/aura" }: { owner: number; runner: number; home?: string },
  dir = join(base, name),
): Promise<Runs> {
  const root = join(dir, "ws")
  const rooms = { tmp: join(dir, "tmp"), home: join(dir, "home"), parts: join(dir, "parts") }
  for (const path of [root, rooms.tmp, rooms.home]) mkdirSync(path, { recursive: true })
  writeFileSync(join(root, "walk.py"), walk)
  chownSync(root, owner, owner)
  const uid = owner === 0 ? reservedId : owner
  const parts = await makeParts(rooms.parts, { name: "aura", uid, gid: uid, home })
  if (runner !== 0)
    for (const path of [root, ...Object.values(rooms), parts.emptyFolder, parts.emptyFile, parts.etc])
      chownSync(path, runner, runner)
  const box = {
    root,
    cwd: root,
    home,
    tools: [],
    scratch: { tmp: rooms.tmp, home: rooms.home },
    readable: [],
    files: root,
    brought: [],
    hidden: [],
    frozen: [],
    isSealed: false,
    repository: [],
    covered: [],
    network: false,
    user: runner === 0 ? await findUser(root, [rooms.tmp, rooms.home], []) : undefined,
    parts,
  }
  return (command) => {
    const env = { PATH: "/usr/local/bin:/usr/bin:/bin" }
    const { file, args, cwd, give } = toSpawned("bubblewrap", ["/bin/sh", "-c", command], box, env)
    const filter = openSync(give ?? expect.fail("This processor has no filter."), "r")
    const as = runner === process.getuid?.() ? {} : { uid: runner, gid: runner }
    const { status, stdout, stderr } = spawnSync(file, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe", filter],
      encoding: "utf8",
      ...as,
    })
    return { status, output: `${stdout}${stderr}` }
  }
}

type Case = [string, { owner: number; runner: number }]
const asRoot: Case[] = [
  ["root, in a folder of root's", { owner: 0, runner: 0 }],
  ["root, in a folder of a user's", { owner: person, runner: 0 }],
]
const cases: Case[] = [["an ordinary user", { owner: person, runner: person }], ...(isRoot() ? asRoot : [])]

describe.each(cases)("a command of %s", (name, of) => {
  const opened = open(name.replaceAll(/\W/g, "-"), of)
  const guarded = "/proc/sys/kernel/core_pattern"
  const before = readFileSync(guarded, "utf8")

  it("works", async () => {
    const { status, output } = (await opened)("touch made && chmod +x made && echo made > /tmp/x && whoami")
    expect(status, output).toBe(0)
  })

  it("has shared memory, semaphores and a terminal of its own", async () => {
    const program =
      "import multiprocessing as m, pty; m.Lock(); m.RawArray(chr(98), 4096); pty.openpty(); open('/dev/shm/own', 'w')"
    const { status, output } = (await opened)(`python3 -c "${program}"`)
    expect(status, output).toBe(0)
  })

  it("can open no file of the kernel's for writing", async () => {
    const { output } = (await opened)("python3 walk.py")
    expect(output).toBe("[]\n")
    expect(readFileSync(guarded, "utf8")).toBe(before)
  })

  it("sees no more of /proc than programs need", async () => {
    const run = await opened
    for (const path of ["kcore", "keys", "kallsyms", "sysvipc/shm", "timer_list", "acpi/wakeup", "key-users"])
      expect(run(`head -c 1 /proc/${path} | wc -c`).output, path).toMatch(/^0$/m)
    expect(run("head -c 1 /proc/cpuinfo /proc/meminfo /proc/sys/kernel/pid_max").status).toBe(0)
  })

  it("is not the machine's root, and has no rights of its", async () => {
    const { output } = (await opened)("cat /proc/self/uid_map; grep -E 'Uid|CapEff|NoNew' /proc/self/status")
    expect(output).not.toMatch(/^Uid:\s.*\b0\b/m)
    expect(output).toMatch(/^CapEff:\s0+$/m)
    expect(output).toMatch(/^NoNewPrivs:\s1$/m)
    // As root, Aura makes no user namespace: ids are those of the machine.
    if (of.runner === 0) expect(output).toMatch(/^\s+0\s+0\s+4294967295$/m)
  })

  it.each([
    ["makes no file set-user-id", "cp /bin/sh s; chmod 4755 s"],
    ["makes no file set-group-id", "touch g; chmod g+s g"],
    ["creates no file with such a bit", "python3 -c 'import os; os.open(\"c\", os.O_CREAT, 0o4755)'"],
    ["makes no user namespace", "unshare -U true"],
    ["makes no mount namespace", "unshare -Urm true"],
    [
      "opens no packet socket",
      "python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)'",
    ],
    ["opens no virtual machine's socket", "python3 -c 'import socket; socket.socket(40, 1)'"],
    ["reaches no kernel cipher", "python3 -c 'import socket; socket.socket(38, 5)'"],
    ["adds no key to the kernel's rings", `${syscall(248, '"user", "a", "b", 1, 0xfffffffd & 0xffffffff')}`],
    ["opens no mount to change it", `${syscall(467, '-100, b"/", 1, 0, 0')}`],
    ["sets up no io_uring", `${syscall(425, "8, 0")}`],
    ["loads no program into the kernel", `${syscall(321, "0, 0, 0")}`],
    ["writes nothing into the root folder", "touch /x"],
    ["writes nothing into /dev", "touch /dev/x"],
  ])("%s", async (_, command) => {
    const { status, output } = (await opened)(command)
    expect(status, output).not.toBe(0)
    expect(output).toMatch(/not permitted|not supported|not implemented|Read-only|denied|EPERM|failed/i)
  })

  it("leaves no file with such a bit, and owns nothing outside its folders", async () => {
    ;(await opened)("cp /bin/sh left; chmod 4755 left; mkdir d; chmod 2755 d; touch d/f")
    const left = join(base, name.replaceAll(/\W/g, "-"), "ws", "left")
    expect(existsSync(left)).toBe(true)
    expect(statSync(left).mode & 0o6000).toBe(0)
    expect(statSync(left).uid).toBe(of.owner)
  })
})

it.runIf(isRoot())("a command reaches its folder by its whole path, wherever that lies", async () => {
  // Not in /tmp, which is the sandbox's own; the folders above this one are made in the sandbox.
  const far = mkdtempSync("/var/aura-far-")
  onTestFinished(() => rmSync(far, { recursive: true, force: true }))
  chmodSync(far, 0o755)
  for (const [i, owner] of [0, person].entries()) {
    const run = await open(`far-${i}`, { owner, runner: 0 }, join(far, `${i}`))
    expect(run('mkdir d && cd "$PWD/d" && pwd').output).toBe(`${far}/${i}/ws/d\n`)
  }
})

it.each([
  ["in the temporary folder", join(base, "some", "home")],
  ["above the workspace", base],
])("a command finds a home directory %s", async (where, home) => {
  const run = await open(where.replaceAll(" ", "-"), {
    owner: process.getuid?.() ?? 0,
    runner: process.getuid?.() ?? 0,
    home,
  })
  const { status, output } = run(`cd ${home} && touch made && pwd`)
  expect(status, output).toBe(0)
  expect(output).toBe(`${home}\n`)
})

it.runIf(isRoot())("a command has no way back to root", () => {
  const rights = "CAP_SETUID CAP_SETGID CAP_SETPCAP".split(" ").flatMap((right) => ["--cap-add", right])
  const becomeRoot = ["perl", "-e", "$> = 0; $< = 0; print qq($> $<)"]
  const user = { uid: reservedId, gid: reservedId }
  const args = ["--dev-bind", "/", "/", "--cap-drop", "ALL", ...rights, "--", ...asUser(user), ...becomeRoot]
  const result = spawnSync("bwrap", args)
  expect(result.stdout.toString()).toBe(`${reservedId} ${reservedId}`)
})

/** A system call by its number on x86-64. */
function syscall(number: number, args: string): string {
  return `python3 -c 'import ctypes, os; libc = ctypes.CDLL(None, use_errno=True); r = libc.syscall(${number}, ${args}); e = ctypes.get_errno(); print(os.strerror(e)); raise SystemExit(r != -1 and 0 or 1)'`
}
