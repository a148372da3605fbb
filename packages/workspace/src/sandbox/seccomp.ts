/**
 * The system-call filter of a sandbox, as a classic BPF program that bubblewrap loads (`--seccomp`). It refuses what no
 * build or test needs and what has opened sandboxes before: kernel keyrings, io_uring, bpf, modules, mounts, new
 * namespaces, unusual socket families, and set-user-id bits. Everything else is allowed.
 */
import { type Architecture, architectures, lastKnown } from "./syscalls.ts"

/** One instruction of classic BPF: `struct sock_filter` of `linux/filter.h`. */
type Instruction = { code: number; jumpTrue: number; jumpFalse: number; value: number }

const loadWord = 0x20
const ifEqual = 0x15
const ifGreater = 0x25
const ifAnyBit = 0x45
const returnValue = 0x06

const allow: Instruction = { code: returnValue, jumpTrue: 0, jumpFalse: 0, value: 0x7fff0000 }
const refuse = (errno: number): Instruction => ({ ...allow, value: 0x00050000 + errno })
const EPERM = 1
const ENOMEM = 12
const ENOSYS = 38
const EAFNOSUPPORT = 97

/** Offsets in `struct seccomp_data`; arguments are 64 bits wide, the low word first. */
const numberAt = 0
const architectureAt = 4
const low = (argument: number) => 16 + argument * 8
const high = (argument: number) => low(argument) + 4

const load = (value: number): Instruction => ({ code: loadWord, jumpTrue: 0, jumpFalse: 0, value })
const jump = (code: number, value: number, jumpTrue: number, jumpFalse: number): Instruction => ({
  code,
  jumpTrue,
  jumpFalse,
  value,
})

/** Refused whatever its arguments are. */
const refused = [
  "keyctl add_key request_key io_uring_setup io_uring_enter io_uring_register bpf perf_event_open userfaultfd",
  "kexec_load kexec_file_load init_module finit_module delete_module create_module get_kernel_syms query_module",
  "mount umount2 pivot_root chroot open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr open_tree_attr setns",
  "quotactl quotactl_fd acct swapon swapoff reboot sethostname setdomainname",
  "settimeofday clock_settime clock_adjtime adjtimex iopl ioperm _sysctl uselib",
  "lookup_dcookie nfsservctl vhangup syslog open_by_handle_at fanotify_init kcmp memfd_secret",
].flatMap((line) => line.split(" "))

/** Their arguments lie in memory that a filter cannot read; programs fall back to the older call. */
const absent = ["clone3", "openat2"]

/** CLONE_NEWTIME (unshare only), NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const newNamespaces = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
const newTime = 0x80
const setIdBits = 0o6000
/** O_CREAT and __O_TMPFILE: only then `open` has a mode. */
const creates = 0o100 | 0o20000000
const largestSharedSegment = 64 * 1024
const unixFamily = 1
const ipv4Family = 2
const ipv6Family = 10
const netlinkFamily = 16
const injectTerminalInput = 0x5412
const linuxConsole = 0x541c
const personalities = [0, 0x0008, 0x20000, 0x20008, 0x0040000, 0xffffffff]

/** Refused when the argument has one of the bits. */
const withoutBits = (argument: number, bits: number): Instruction[] => [
  load(low(argument)),
  jump(ifAnyBit, bits, 0, 1),
  refuse(EPERM),
  allow,
]
const openWithoutSetId = (flags: number, mode: number): Instruction[] => [
  load(low(flags)),
  jump(ifAnyBit, creates, 0, 3),
  load(low(mode)),
  jump(ifAnyBit, setIdBits, 0, 1),
  refuse(EPERM),
  allow,
]

/** What decides on a call once its number has matched; each ends with a verdict. */
const judged: Readonly<Record<string, Instruction[]>> = {
  chmod: withoutBits(1, setIdBits),
  fchmod: withoutBits(1, setIdBits),
  fchmodat: withoutBits(2, setIdBits),
  fchmodat2: withoutBits(2, setIdBits),
  mknod: withoutBits(1, setIdBits),
  mknodat: withoutBits(2, setIdBits),
  creat: withoutBits(1, setIdBits),
  open: openWithoutSetId(1, 2),
  openat: openWithoutSetId(2, 3),
  clone: withoutBits(0, newNamespaces),
  unshare: withoutBits(0, newNamespaces | newTime),
  socket: [
    load(low(0)),
    jump(ifEqual, unixFamily, 6, 0),
    jump(ifEqual, ipv4Family, 5, 0),
    jump(ifEqual, ipv6Family, 4, 0),
    jump(ifEqual, netlinkFamily, 0, 2),
    load(low(2)),
    // NETLINK_ROUTE: how programs list network interfaces.
    jump(ifEqual, 0, 1, 0),
    refuse(EAFNOSUPPORT),
    allow,
  ],
  // System V segments are counted by nobody once they are detached.
  shmget: [
    load(high(1)),
    jump(ifEqual, 0, 0, 2),
    load(low(1)),
    jump(ifGreater, largestSharedSegment, 0, 1),
    refuse(ENOMEM),
    allow,
  ],
  ioctl: [
    load(low(1)),
    jump(ifEqual, injectTerminalInput, 1, 0),
    jump(ifEqual, linuxConsole, 0, 1),
    refuse(EPERM),
    allow,
  ],
  personality: [
    load(low(0)),
    ...personalities.map((known, i) => jump(ifEqual, known, personalities.length - i, 0)),
    refuse(EPERM),
    allow,
  ],
}

/**
 * @param arch a name of `process.arch`
 * @returns the program in the machine's byte order, 8 bytes an instruction; undefined where there is no table of calls
 */
export function toSeccomp(arch: string): Buffer | undefined {
  const architecture = architectures[arch]
  return architecture && assemble(program(architecture))
}

function program({ audit, numbers }: Architecture): Instruction[] {
  const verdicts = [
    ...refused.map((name) => [name, [refuse(EPERM)]] as const),
    ...absent.map((name) => [name, [refuse(ENOSYS)]] as const),
    ...Object.entries(judged),
  ]
  return [
    load(architectureAt),
    // A program of another architecture would use other numbers for the same calls.
    jump(ifEqual, audit, 1, 0),
    refuse(ENOSYS),
    load(numberAt),
    // Also the calls of x32, which have a high bit set.
    jump(ifGreater, lastKnown, 0, 1),
    refuse(ENOSYS),
    ...verdicts.flatMap(([name, verdict]) => {
      const number = numbers[name]
      return number === undefined ? [] : [jump(ifEqual, number, 0, verdict.length), ...verdict]
    }),
    allow,
  ]
}

function assemble(instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * 8)
  instructions.forEach(({ code, jumpTrue, jumpFalse, value }, i) => {
    bytes.writeUInt16LE(code, i * 8)
    bytes.writeUInt8(jumpTrue, i * 8 + 2)
    bytes.writeUInt8(jumpFalse, i * 8 + 3)
    bytes.writeUInt32LE(value >>> 0, i * 8 + 4)
  })
  return bytes
}
