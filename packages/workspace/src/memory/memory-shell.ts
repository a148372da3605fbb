/** The shell commands of the in-memory folder, with the meaning they have in /bin/sh. */

export type Shell = {
  files: Map<string, string>
  sleep(ms: number): Promise<void>
  /** True after the command was aborted or timed out. */
  isOver(): boolean
}

export type Ended = { exitCode: number | null; output: string }

type Word = (args: readonly string[], shell: Shell) => Ended | Promise<Ended>

const ok: Ended = { exitCode: 0, output: "" }
const no: Ended = { exitCode: 1, output: "" }

const words: Record<string, Word> = {
  true: () => ok,
  false: () => no,
  echo: (args) => ({ exitCode: 0, output: `${args.join(" ")}\n` }),
  test: ([flag, file = ""], { files }) => {
    const text = files.get(file)
    if (flag === "-s") return text ? ok : no
    return text === undefined ? no : ok
  },
  grep: ([, word = "", file = ""], { files }) => {
    const text = files.get(file)
    if (text === undefined) return { exitCode: 2, output: `grep: ${file}: No such file or directory\n` }
    return text.includes(word) ? ok : no
  },
  cat: ([file = ""], { files }) => {
    const text = files.get(file)
    if (text === undefined) return { exitCode: 1, output: `cat: ${file}: No such file or directory\n` }
    return { exitCode: 0, output: text }
  },
  rm: ([, file = ""], { files }) => {
    files.delete(file)
    return ok
  },
  sleep: async ([secs = "0"], shell) => {
    await shell.sleep(Number(secs) * 1000)
    return ok
  },
}

/**
 * Runs commands joined by `&&`, `||` and `;`, each with at most one `> file` or `>> file`: true, false, echo,
 * test -s|-e FILE, grep -q WORD FILE, cat FILE, rm -f FILE, sleep SECONDS, exit CODE, kill -9 $$.
 */
export async function interpret(line: string, shell: Shell): Promise<Ended> {
  let output = ""
  let last: number | null = 0
  let joint = ";"
  for (const part of line.split(/(&&|\|\||;)/).map((text) => text.trim())) {
    if (part === "&&" || part === "||" || part === ";") {
      joint = part
      continue
    }
    if ((joint === "&&" && last !== 0) || (joint === "||" && last === 0)) continue
    if (part.startsWith("kill -9 $$")) return { exitCode: 137, output }
    if (shell.isOver()) return { exitCode: null, output }
    const [name = "", ...args] = part.split(/\s+/)
    if (name === "exit") return { exitCode: Number(args[0] ?? 0), output }
    const ended = await runWord(name, args, shell)
    output += ended.output
    last = ended.exitCode
    if (shell.isOver()) return { exitCode: null, output }
  }
  return { exitCode: last, output }
}

async function runWord(name: string, args: readonly string[], shell: Shell): Promise<Ended> {
  const at = args.findIndex((arg) => arg === ">" || arg === ">>")
  const word = words[name]
  if (!word) return { exitCode: 127, output: `sh: ${name}: not found\n` }
  if (at === -1) return await word(args, shell)
  const ended = await word(args.slice(0, at), shell)
  const file = args[at + 1] ?? ""
  const before = args[at] === ">>" ? (shell.files.get(file) ?? "") : ""
  shell.files.set(file, before + ended.output)
  return { ...ended, output: "" }
}
