/** Commands that may cost files: all but those known to read only. The folder is kept before every other one. */
import { readCommands, type Word } from "./shell-words.ts"

/** True when the arguments, as they stand, let the program read only. */
type IsHarmless = (args: readonly string[]) => boolean

/** Programs that write no file and start no program, whatever their arguments. */
const readers = (
  "[ : b2sum basename cat cd cksum cmp column comm cut df diff dir dirname du echo egrep expand false fgrep fold " +
  "fmt grep groups head hexdump id join jq ls md5sum nl nproc od paste printenv printf ps pwd readlink realpath rev " +
  "seq sha1sum sha224sum sha256sum sha384sum sha512sum sleep stat strings tac tail test tr true type uname " +
  "unexpand wc which whoami zcat"
).split(" ")

/** Programs that can write or start others: harmless with the arguments named here, as they are written. */
const careful: Readonly<Record<string, IsHarmless>> = {
  awk: isReadingAwk,
  command: (args) => args[0] === "-v",
  date: (args) => args.every((arg) => /^(?:\+.*|-u|-I\w*|--utc)$/s.test(arg)),
  file: (args) => args.every((arg) => /^(?:[^-]|-[bhikLNz]+$)/.test(arg)),
  find: isReadingFind,
  git: isReadingGit,
  rg: (args) => !args.some((arg) => /^--(?:pre(?!tty)|hostname)/.test(arg)),
  sed: isReadingSed,
  sort: (args) => args.every(isSortArgument),
  tree: (args) =>
    args.every((arg) => /^(?:[^-]|-[adfgipshuACDFLINPQ]+$|--(?:noreport|dirsfirst|gitignore)$)/.test(arg)),
  // A second name is what it writes into.
  uniq: (args) =>
    args.every((arg) => /^(?:[^-]|-[cdDuiz]+$)/.test(arg)) &&
    args.filter((arg) => !arg.startsWith("-")).length <= 1,
}

/** Programs that are asked for their version. */
const versioned =
  "bash bun cargo deno gcc git go java make node npm npx pip pip3 pnpm python python3 ruby rustc tsc yarn".split(
    " ",
  )

/** True for a command that may delete or overwrite something, as far as can be told from it. */
export function isRisky(command: string): boolean {
  const commands = readCommands(command)
  return commands === undefined || !commands.every(isReading)
}

function isReading([name, ...args]: readonly Word[]): boolean {
  if (name === undefined || (name.isDynamic && name.text !== "[")) return false
  const texts = args.map((arg) => arg.text)
  if (texts.length === 1 && texts[0] === "--version" && versioned.includes(name.text)) return true
  if (readers.includes(name.text)) return !isEvaluated(name.text, texts)
  const isHarmless = Object.hasOwn(careful, name.text) ? careful[name.text] : undefined
  return isHarmless !== undefined && !args.some((arg) => arg.isDynamic) && isHarmless(texts)
}

/** Shells look for commands in what they take for an index of an array: `test -v 'a[$(rm x)]'`. */
function isEvaluated(name: string, args: readonly string[]): boolean {
  return ["[", "test", "printf"].includes(name) && args.some((arg) => /\$\(|`/.test(arg))
}

function isSortArgument(arg: string): boolean {
  return /^(?:[^-].*|-|-[bcCdfgiMhnRrsuVmz]+|-[bcCdfgiMhnRrsuVmz]*[kt].*|--(?:reverse|numeric-sort|unique|human-numeric-sort|version-sort|ignore-case|zero-terminated|stable|check|key=.*|field-separator=.*))$/s.test(
    arg,
  )
}

const findTests = new Set(
  (
    "-a -amin -and -anewer -atime -cmin -cnewer -ctime -daystart -depth -empty -executable -false -follow -group " +
    "-H -iname -inum -ipath -iregex -L -links -ls -maxdepth -mindepth -mmin -mount -mtime -name -newer -nogroup " +
    "-not -nouser -o -or -P -path -perm -print -print0 -printf -prune -quit -readable -regex -regextype -samefile " +
    "-size -true -type -user -wholename -writable -xdev -xtype"
  ).split(" "),
)

function isReadingFind(args: readonly string[]): boolean {
  return args.every((arg) => !arg.startsWith("-") || findTests.has(arg) || /^-\d/.test(arg))
}

const sedAddress = String.raw`(?:\d+|\$|\+\d+|\/(?:[^/\\[\n;]|\\[^\n;]|\[[^\]/\n;]+\])*\/I?)`
const sedPart = String.raw`(?:[^/\\[\n;]|\\[^\n;]|\[[^\]/\n;]+\])*`
/** Prints, deletes from what is printed, replaces in it. `w` and `e` write and run. */
const sedStep = new RegExp(
  `^ *(?:${sedAddress}(?:,${sedAddress})?)? *!? *(?:[pdq=]|s/${sedPart}/(?:[^/\\\\\\n;]|\\\\[^\\n;])*/[gpiI0-9]*)? *$`,
)

function isReadingSed(args: readonly string[]): boolean {
  const scripts: string[] = []
  let isExpected = true
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ""
    if (arg === "-e") {
      scripts.push(args[++i] ?? "")
      isExpected = false
    } else if (arg.startsWith("-")) {
      if (!/^-(?:[nErsuz]+|-quiet|-silent|-regexp-extended)$/.test(arg)) return false
    } else if (isExpected) {
      scripts.push(arg)
      isExpected = false
    }
  }
  // Files may come before `-e`: then what was taken for a script is none, and is judged all the same.
  return scripts.every((script) => script.split(/[;\n]/).every((step) => sedStep.test(step)))
}

/** One program text, given as it is; nothing in it writes, pipes or runs. */
function isReadingAwk(args: readonly string[]): boolean {
  const rest = [...args]
  while (rest[0]?.startsWith("-")) {
    const option = rest.shift() ?? ""
    if (option === "-F" || option === "-v") rest.shift()
    else if (!/^-F./.test(option)) return false
  }
  return rest[0] !== undefined && !/[>|@]|system|getline|printf?\s*\(/.test(rest[0])
}

const gitReaders = new Set(
  (
    "blame cat-file count-objects describe diff diff-tree for-each-ref grep log ls-files ls-tree merge-base name-rev " +
    "rev-list rev-parse shortlog show status whatchanged"
  ).split(" "),
)
const gitLists: Readonly<Record<string, RegExp>> = {
  branch: /^(?:-a|-r|-v|-vv|--all|--list|--remotes|--show-current)$/,
  reflog: /^show$/,
  remote: /^(?:-v|--verbose)$/,
  stash: /^list$/,
  tag: /^(?:-l|--list)$/,
  worktree: /^list$/,
}

function isReadingGit(args: readonly string[]): boolean {
  const rest = [...args]
  while (rest[0]?.startsWith("-")) {
    const option = rest.shift()
    if (option === "-C") rest.shift()
    else if (option !== "--no-pager" && option !== "-P") return false
  }
  const [command = "", ...options] = rest
  const list = Object.hasOwn(gitLists, command) ? gitLists[command] : undefined
  // Alone, `git stash` puts changes away.
  if (list) return (command !== "stash" || options.length > 0) && options.every((option) => list.test(option))
  return gitReaders.has(command) && !options.some((option) => isWritingForGit(command, option))
}

/** Git takes the beginning of an option's name for the option. */
function isWritingForGit(command: string, option: string): boolean {
  if (/^--(?:ou(?!rs)|ext|textc|filters|contents|open-files)/.test(option) || option === "--o") return true
  return command === "grep" && /^(?:-\w*O|--op)/.test(option)
}
