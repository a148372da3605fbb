/** What a command may not do, tried for real on this machine. */
import { execFileSync } from "node:child_process"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { createServer, type Server } from "node:net"
import { homedir, tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createCustody } from "../custody/custody.ts"
import { findSandbox } from "./sandbox.ts"

const canary = "canary-7391"
const base = realpathSync(mkdtempSync(join(tmpdir(), "aura-walls-")))
const root = join(base, "ws")
const outside = join(base, "outside")
const secret = join(outside, "secret.txt")
const dataDir = join(base, "data")
const atHome = join(homedir(), `.aura-walls-${process.pid}`)
const custody = createCustody({ sandbox: await findSandbox(false), dataDir })
let server: Server
let port = 0
let connections = 0

beforeAll(async () => {
  for (const path of [root, outside, dataDir, join(base, "ws-twin")]) mkdirSync(path, { recursive: true })
  for (const path of [secret, atHome, join(dataDir, "key"), join(base, "ws-twin", "a.txt")])
    writeFileSync(path, `${canary}\n`)
  writeFileSync(join(root, "own.txt"), "own\n")
  execFileSync("git", ["init", "-q"], { cwd: root })
  symlinkSync(secret, join(root, "link.txt"))
  symlinkSync(outside, join(root, "linked"))
  server = createServer((socket) => {
    connections += 1
    socket.end(canary)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  port = typeof address === "object" && address ? address.port : 0
})
afterAll(() => {
  custody.close()
  server.close()
  rmSync(base, { recursive: true, force: true })
  rmSync(atHome, { force: true })
})

async function run(command: string) {
  return await custody.run(
    command,
    { root, cwd: root },
    { timeoutMs: 30_000, signal: new AbortController().signal },
  )
}
const python = (code: string) => `python3 -c '${code}'`
const connect = (address: string) =>
  python(`import socket; s = socket.socket(); s.settimeout(2); s.connect(${address}); print(s.recv(99))`)

/** Commands that must not bring the canary to light. */
const reads: [string, () => string][] = [
  ["a file beside the workspace", () => `cat ${secret}`],
  ["a file through ..", () => "cat ../outside/secret.txt"],
  ["a file through a link", () => "cat link.txt"],
  ["a folder through a link", () => "cat linked/secret.txt"],
  ["a folder whose name begins alike", () => "cat ../ws-twin/a.txt"],
  ["a link of its own making", () => `ln -s ${secret} l2; cat l2`],
  ["a hard link of its own making", () => `ln ${secret} l3; cat l3`],
  ["a file at home", () => `cat ${atHome}`],
  ["everything at home", () => `cat ${homedir()}/.[a-z]* ${homedir()}/* 2>/dev/null`],
  ["Aura's data", () => `cat ${dataDir}/key`],
  ["the root of another process", () => `for p in /proc/[0-9]*; do cat $p/root${secret}; done`],
  ["the folder of another process", () => `for p in /proc/[0-9]*; do cat $p/cwd/../outside/secret.txt; done`],
  ["the environment of another process", () => "cat /proc/[0-9]*/environ | tr '\\0' '\\n'"],
  ["what the first process was started with", () => "tr '\\0' '\\n' < /proc/1/cmdline | xargs -n1 cat"],
  ["an open file it was handed", () => "for f in /proc/self/fd/*; do cat $f/../outside/secret.txt; done"],
  ["the disk", () => "ls /dev/sd* /dev/vd* /dev/nvme*; head -c 1000 /dev/vda"],
  ["a disk it names itself", () => "mknod d b 254 0 && head -c 1000 d"],
  ["the kernel's memory", () => "head -c 1000 /dev/mem /dev/kmem /proc/kcore"],
  ["everything there is", () => `grep -rs ${canary} / --include=secret.txt --include=key -d skip`],
  ["a mount of its own", () => `mkdir m; mount --bind ${outside} m; cat m/secret.txt`],
  ["a namespace of its own", () => `unshare -Urm sh -c 'mount -t proc p /proc; cat /proc/1/root${secret}'`],
  [
    "the root from before",
    () =>
      python(
        `import os; os.chroot("."); [os.chdir("..") for _ in range(9)]; os.chroot("."); print(open("${secret}").read())`,
      ),
  ],
  ["a service of the machine", () => connect(`("127.0.0.1", ${port})`)],
  ["a service of the machine by name", () => connect(`("localhost", ${port})`)],
  [
    "a service of the machine on IPv6",
    () =>
      python(
        `import socket; s = socket.socket(socket.AF_INET6); s.settimeout(2); s.connect(("::1", ${port})); print(s.recv(99))`,
      ),
  ],
  ["a service with curl", () => `curl -s --max-time 2 http://127.0.0.1:${port}`],
]

/** Commands that must fail. */
const deeds: [string, () => string][] = [
  ["write beside the workspace", () => `echo x > ${outside}/new.txt`],
  ["write through ..", () => "echo x > ../outside/new.txt"],
  ["write through a link", () => "echo x > linked/new.txt"],
  ["change a file through a link", () => "echo x >> link.txt"],
  ["remove beside the workspace", () => `rm ${secret}`],
  ["write into the system", () => "echo x > /usr/bin/x"],
  ["write into its settings", () => "echo x > /etc/profile.d/x.sh"],
  ["change a user", () => "echo 'x::0:0::/:/bin/sh' >> /etc/passwd"],
  ["read password hashes", () => "grep . /etc/shadow"],
  ["plant a hook", () => "echo x > .git/hooks/pre-commit"],
  ["change git's configuration", () => "git config core.fsmonitor 'touch x'"],
  ["change it by hand", () => "echo '[core]' >> .git/config"],
  ["commit", () => "git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x"],
  ["move .git away", () => "mv .git .git2"],
  ["remove .git", () => "rm -rf .git; test ! -e .git/HEAD"],
  ["mount over .git", () => "mount -t tmpfs none .git"],
  ["unmount .git", () => "umount .git"],
  ["remount the system", () => "mount -o remount,rw /usr"],
  ["take the workspace away", () => `mv ${root} ${root}-gone`],
  ["signal Aura", () => `kill -0 ${process.pid}`],
  ["signal everybody", () => `kill -0 ${process.ppid}`],
  ["trace another process", () => `strace -p ${process.pid}`],
  ["open a raw socket", () => python("import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)")],
  [
    "send a datagram out",
    () =>
      python(
        `import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53))`,
      ),
  ],
  ["ask a name server", () => "getent hosts example.com"],
  ["reach a cloud's metadata", () => connect(`("169.254.169.254", 80)`)],
  [
    "reach it on IPv6",
    () =>
      python(
        `import socket; s = socket.socket(socket.AF_INET6); s.settimeout(2); s.connect(("fd00:ec2::254", 80))`,
      ),
  ],
  ["use docker", () => "test -S /var/run/docker.sock || test -S /run/docker.sock"],
  ["use the session bus", () => "ls /run/user/*/bus"],
  ["use an ssh agent", () => 'test -n "$SSH_AUTH_SOCK"'],
  ["become somebody else", () => "su -c true nobody"],
  ["get rights from a file", () => "cp /bin/sh s && chmod 4755 s && chown 1000 s"],
  ["set the host's name", () => "hostname other"],
  ["set the clock", () => "date -s 2001-01-01"],
  ["load a module", () => "insmod x.ko || modprobe loop"],
  ["write to the kernel's settings", () => "echo 1 > /proc/sys/kernel/sysrq"],
  ["crash the machine", () => "echo c > /proc/sysrq-trigger"],
  ["save itself from running out of memory", () => "echo -1000 > /proc/self/oom_score_adj"],
  ["make a device", () => "mknod x c 1 1"],
]

/** Commands that may end well, in a place of their own, and change nothing there is. */
const vain: [string, () => string][] = [
  ["write into Aura's data", () => `echo x > ${dataDir}/key`],
  ["leave something beside the workspace", () => "touch ../x"],
  ["leave something in the machine's /tmp", () => `touch ${tmpdir()}/aura-walls-${process.pid}`],
  ["change what is at home", () => `echo x > ${atHome}`],
  [
    "remove everything it can reach",
    () => `rm -rf ${outside} ${dataDir} ${homedir()}/.[a-z]* /usr /etc 2>/dev/null; true`,
  ],
]

describe("a command in its sandbox", () => {
  it.each(vain)("does not really %s", async (_, command) => {
    await run(command())
    for (const path of [secret, atHome, join(dataDir, "key")])
      expect(readFileSync(path, "utf8")).toBe(`${canary}\n`)
    for (const path of [join(base, "x"), join(tmpdir(), `aura-walls-${process.pid}`)])
      expect(existsSync(path)).toBe(false)
  })

  it.each(reads)("cannot read %s", async (_, command) => {
    const { output } = await run(command())
    expect(output).not.toContain(canary)
  })

  it.each(deeds)("cannot %s", async (_, command) => {
    const { exitCode, output } = await run(command())
    expect(exitCode, output).not.toBe(0)
  })

  it("changed nothing outside, and had no network", () => {
    expect(readFileSync(secret, "utf8")).toBe(`${canary}\n`)
    expect(existsSync(join(outside, "new.txt"))).toBe(false)
    expect(existsSync(join(root, ".git", "HEAD"))).toBe(true)
    expect(existsSync(join(root, ".git", "hooks", "pre-commit"))).toBe(false)
    expect(connections).toBe(0)
  })

  it("cannot make Aura's git run planted programs", async () => {
    const marker = join(outside, "ran")
    await run(`mkdir -p nested && cd nested && git init -q && git config core.fsmonitor 'touch ${marker}'`)
    execFileSync("git", ["status", "--porcelain"], { cwd: root })
    expect(existsSync(marker)).toBe(false)
  })

  it("can do its work: build, test, a server of its own, and its tools", async () => {
    const serve = python(
      `import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(); c = socket.create_connection(s.getsockname()); print("served")`,
    )
    expect((await run(serve)).output).toBe("served\n")
    expect((await run("node -e 'console.log(6 * 7)'")).output).toBe("42\n")
    expect(await run("git log --oneline -1; git status --porcelain")).toMatchObject({ exitCode: 0 })
    chmodSync(join(root, "own.txt"), 0o644)
    expect(await run("echo more >> own.txt && mkdir -p a/b && mv own.txt a/b")).toMatchObject({ exitCode: 0 })
    expect(readFileSync(join(root, "a/b/own.txt"), "utf8")).toBe("own\nmore\n")
  })
})
