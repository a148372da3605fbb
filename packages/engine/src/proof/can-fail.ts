/** Commands that end with 0 whatever the work is like: they prove nothing. Read by syntax, not run. */
import { readScripts, readTargets, splitCommands } from "./tamper/check-scripts.ts"
import { isTestPath } from "./tamper/places.ts"
import { fieldOf, named, parse, type SyntaxNode, walk } from "./tamper/syntax.ts"
import { assertsSomething, readTestCode } from "./tamper/test-code.ts"

/** @returns why, in words, or undefined when the command can fail as far as can be seen */
export async function cannotFail(command: string): Promise<string | undefined> {
  if (command.trim() === "") return "it is empty"
  // A plain command needs no parser.
  const plain = /[|&;<>(){}$`\\\n#"']/.test(command) ? undefined : command.trim().split(/\s+/)
  if (plain && !/=/.test(plain[0] ?? "")) return await ofWords(plain)
  const root = await parse("bash", command)
  return (
    root &&
    (await ofSequence(
      named(root),
      /^\s{0,30}set\s{1,30}-\w{0,200}e|\bset\s{1,30}-o\s{1,30}errexit/m.test(command),
    ))
  )
}

async function ofSequence(
  nodes: readonly SyntaxNode[],
  stopsAtFailure: boolean,
): Promise<string | undefined> {
  const statements = nodes.filter((node) => node.type !== "function_definition" && !/comment/.test(node.type))
  if (statements.some((node) => /^trap\b.*\bexit\s+0\b/.test(node.text))) return "a trap makes it exit 0"
  const last = statements.at(-1)
  if (!last) return "it does nothing"
  const sign = last.parent?.children[last.parent.children.indexOf(last) + 1]
  if (sign?.text === "&") return "it runs in the background"
  if (!stopsAtFailure || statements.length === 1) return await ofNode(last)
  for (const node of statements) if ((await ofNode(node)) === undefined) return undefined
  return await ofNode(last)
}

async function ofNode(node: SyntaxNode): Promise<string | undefined> {
  switch (node.type) {
    case "command":
      return await ofCommand(node)
    case "test_command":
      return isConstantTest(
        named(node)
          .map(({ text }) => text)
          .join(" "),
      )
        ? `\`${node.text}\` is always true`
        : undefined
    case "list": {
      const [left, right] = [node.children[0], node.children.at(-1)]
      const after = right && (await ofNode(right))
      if (node.children.some(({ text }) => text === "||"))
        return after && `\`|| ${right.text}\` takes any failure`
      const before = left && (await ofNode(left))
      return before && after
    }
    case "pipeline": {
      const last = named(node).at(-1)
      return last && (await ofNode(last))
    }
    case "redirected_statement": {
      const body = fieldOf(node, "body") ?? named(node)[0]
      return body && (await ofNode(body))
    }
    case "subshell":
    case "compound_statement":
    case "do_group":
      return await ofSequence(named(node), false)
    case "for_statement":
    case "while_statement":
    case "c_style_for_statement": {
      const body = named(node).at(-1)
      return body && (await ofNode(body))
    }
    case "if_statement": {
      const bodies = named(node).filter((part) => part.field !== "condition")
      const parts = bodies.flatMap((part) => (/^el(?:se|if)_clause$/.test(part.type) ? named(part) : [part]))
      for (const part of parts) if ((await ofNode(part)) === undefined) return undefined
      return "no branch of it can fail"
    }
    case "variable_assignment":
    case "variable_assignments":
    case "declaration_command":
      return node.text.includes("$(") ? undefined : "it only sets a variable"
    default:
      return undefined
  }
}

const always =
  /^(?:true|:|echo|printf|pwd|date|sleep|whoami|uname|hostname|env|printenv|export|set|touch|mkdir|tee|clear|id|uptime|history|jobs|wait|sync)$/
const wrapping = /^(?:env|time|timeout|nice|nohup|command|exec|builtin|sudo|eval|stdbuf|xvfb-run|setsid)$/
const telling =
  /^(?:head|tail|wc|sort|uniq|less|more|tr|cut|sed|awk|find|tree|du|df|ps|cat|ls|nl|column|rev|fold|xargs)$/

async function ofCommand(node: SyntaxNode): Promise<string | undefined> {
  const words = named(node)
    .filter(({ type }) => !/^(?:variable_assignment|file_redirect|herestring_redirect)$/.test(type))
    .map(({ text }) => unquote(text))
  return await ofWords(words)
}

async function ofWords([program = "", ...args]: readonly string[]): Promise<string | undefined> {
  const words = args.filter((arg) => !arg.startsWith("-"))
  const whole = [program, ...args].join(" ")
  if (program === "env" && words.length > 0)
    return await ofWords(
      args.filter((arg, i) => !(arg.startsWith("-") || /^\w+=/.test(arg)) || i > args.length),
    )
  if (wrapping.test(program) && words.length > 0)
    return await ofWords(
      args.slice(args.findIndex((arg) => !arg.startsWith("-") && !/^\d+[smh]?$/.test(arg))),
    )
  if (always.test(program)) return `\`${program}\` always succeeds`
  if (/^(?:exit|return)$/.test(program))
    return (args[0] ?? "0") === "0" ? `\`${whole}\` always succeeds` : undefined
  if (/^(?:test|\[\[?)$/.test(program))
    return isConstantTest(args.filter((arg) => !/^\]\]?$/.test(arg)).join(" "))
      ? `\`${whole}\` is always true`
      : undefined
  if (program === "find" && !args.some((arg) => arg.startsWith("-exec")))
    return "`find` succeeds whether it finds something or not"
  if (telling.test(program))
    return words.filter((word) => !/^[./]+$/.test(word)).length === 0 ||
      (/^(?:find|head|tail|wc|tree|du)$/.test(program) && words.every((word) => /^[./]+$/.test(word)))
      ? `\`${program}\` only shows something`
      : undefined
  if (args.length === 1 && /^(?:--version|-v|-V|--help|-h|version|help)$/.test(args[0] ?? ""))
    return `\`${whole}\` only tells of the tool`
  if (program === "git" && /^(?:status|log|show|branch|remote|config|version)$/.test(args[0] ?? ""))
    return `\`${whole}\` only shows something`
  if (
    program === "git" &&
    args[0] === "diff" &&
    !args.some((arg) => /^--(?:exit-code|quiet|check)$/.test(arg))
  )
    return "`git diff` without --exit-code only shows something"
  if (/^(?:command|which|type|hash)$/.test(program)) return `\`${whole}\` only looks for a tool`
  const inline = args.findIndex((arg) => /^-\w*[ce]$/.test(arg) || /^(?:--eval|-p|-pe)$/.test(arg))
  const source = inline === -1 ? undefined : args[inline + 1]
  if (source === undefined) return undefined
  if (/^(?:sh|bash|zsh|dash|ksh|ash)$/.test(program)) return await cannotFail(source)
  if (/^(?:node|deno|bun|tsx)$/.test(program))
    return isSilent(
      source,
      /\bthrow\b|assert|process\.exit(?:Code)?\s*[(=]\s*(?!0)|require\s*\(|import\b|\breadFile|fetch\(/,
    )
      ? "its code cannot fail"
      : undefined
  if (/^python[\d.]*$/.test(program))
    return isSilent(source, /\braise\b|\bassert\b|exit\s*\(\s*(?!0)|\bimport\b|\bopen\(/)
      ? "its code cannot fail"
      : undefined
  if (/^(?:perl|ruby)$/.test(program))
    return isSilent(source, /\bdie\b|\braise\b|exit|require|open|system/) ? "its code cannot fail" : undefined
  return undefined
}

function isSilent(source: string, failing: RegExp): boolean {
  return !failing.test(source)
}

function unquote(word: string): string {
  return /^(["'])([\s\S]*)\1$/.exec(word)?.[2] ?? word
}

function isConstantTest(text: string): boolean {
  if (/\$|`/.test(text)) return false
  const [, left, sign, right] = /^(\S+)\s+(=|==|-eq|-le|-ge)\s+(\S+)$/.exec(text.trim()) ?? []
  if (sign !== undefined && left === right) return true
  return /^(?:-[ed]\s+(?:\.|\/|\/tmp|\/bin\S*)|-n\s+\S+|-z\s+(?:""|'')|[^-!\s]\S*|-[de]\s+["']?\.["']?)$/.test(
    text.trim(),
  )
}

type ReadText = (path: string) => Promise<string | null>

/**
 * As `cannotFail`, with the scripts behind a command: package.json's, the Makefile's, and files that are there to check.
 * @param read a file of the tree that is to be proven
 */
export async function provesNothing(command: string, read: ReadText, depth = 0): Promise<string | undefined> {
  const own = await cannotFail(command)
  if (own !== undefined || depth > 5) return own
  const commands = splitCommands(command)
  const [words] = commands
  if (!words || commands.length > 1) return undefined
  const [program = "", ...args] = words
  const plain = args.filter((arg) => !arg.startsWith("-"))
  if (/^(?:npm|pnpm|yarn|bun)$/.test(program)) {
    const name =
      plain[0] === "run" || plain[0] === "run-script" ? plain[1] : plain[0] === "t" ? "test" : plain[0]
    const script = name === undefined ? undefined : readScripts(await read("package.json"))[name]
    const why = script === undefined ? undefined : await provesNothing(script, read, depth + 1)
    return why && `the script "${name}" is \`${script}\`: ${why}`
  }
  if (program === "make") return await ofTarget(plain[0], read, depth)
  const file = /^(?:sh|bash|zsh|dash|node|python[\d.]*|deno|tsx)$/.test(program)
    ? plain.find((arg) => /[./]/.test(arg))
    : program.startsWith("./")
      ? program
      : undefined
  return file === undefined ? undefined : await ofFile(file.replace(/^\.\//, ""), read)
}

async function ofTarget(
  name: string | undefined,
  read: ReadText,
  depth: number,
): Promise<string | undefined> {
  const text = (await read("Makefile")) ?? (await read("makefile")) ?? (await read("GNUmakefile"))
  const targets = text === null ? undefined : readTargets(text)
  const target = targets?.get(name ?? [...targets.keys()].find((key) => !key.startsWith(".")) ?? "")
  if (!target || target.needs.length > 0) return undefined
  for (const line of target.recipe) {
    const body = line.replace(/^[@-]+/, "")
    if (!/^@?-/.test(line) && (await provesNothing(body, read, depth + 1)) === undefined) return undefined
  }
  return "no line of the target can fail"
}

async function ofFile(path: string, read: ReadText): Promise<string | undefined> {
  const isChecking =
    isTestPath(path) || /(?:^|[/._-])(?:check|test|verify|validate|smoke|acceptance|proof)\w*/i.test(path)
  const text = isChecking ? await read(path) : null
  if (text === null) return undefined
  if (/\.(?:sh|bash)$/.test(path) || /^#!.*\bsh\b/.test(text)) {
    const why = await cannotFail(text)
    return why && `${path} cannot fail: ${why}`
  }
  const code = await readTestCode(path, text)
  if (!code || assertsSomething(code)) return undefined
  const calls = [...walk(code.root)].some(
    (node) =>
      /import|require/.test(node.type) ||
      /\brequire\(|spawn|exec|\bimport\b/.test(
        node.type === "call_expression" || node.type === "call" ? node.text : "",
      ),
  )
  return calls ? undefined : `${path} asserts nothing`
}

/** Files of which a command only says that they are there; undefined for any other command. */
export function existenceOnly(command: string): string[] | undefined {
  // That something is gone is no such command.
  if (/(?:^|[;&|({]|\b(?:if|then|do|while|until))\s{0,20}!\s/.test(command)) return undefined
  const files: string[] = []
  for (const [program = "", ...args] of splitCommands(command)) {
    const words = args.filter((arg) => arg !== "]" && arg !== "!" && !arg.startsWith("-"))
    const isTest =
      /^(?:test|\[|\[\[)$/.test(program) &&
      /^-[efsrd]$/.test(args.find((arg) => arg.startsWith("-")) ?? "") &&
      !args.includes("!")
    const isTelling = /^(?:cat|ls|stat|wc|head|tail|file)$/.test(program)
    if (!isTest && !isTelling) return undefined
    files.push(...words.filter((word) => word !== "]]"))
  }
  return files.length > 0 ? files : undefined
}

const reportName =
  /(?:^|[/._-])(?:reports?|results?|status|outcome|summary|passed|success|junit|coverage|verdict|proof|evidence|checked|test[-_]?(?:output|log|run)|output|log)(?:[._-]\w{1,200}){0,200}\.(?:txt|json|xml|log|out|tap|csv|ya?ml)$|(?:^|\/)\.?(?:passed|ok|done|success|result|status)$/i

/** Files with a result in them that a command reads without making them: their word is not proof. */
export function reportsRead(command: string): string[] {
  const commands = splitCommands(command)
  const isReading = ([program = ""]: readonly string[]) =>
    /^(?:cat|grep|egrep|fgrep|rg|jq|yq|test|\[|\[\[|head|tail|awk|sed|diff|cmp|xmllint|wc)$/.test(program)
  const isInline = ([program = "", first = ""]: readonly string[]) =>
    /^(?:node|python[\d.]*|perl|ruby)$/.test(program) && /^-\w*[ecp]$|^--eval$/.test(first)
  if (!commands.every((words) => isReading(words) || isInline(words))) return []
  const all = commands.flatMap((words) => words.flatMap((word) => word.split(/[\s"'`()$,;=]+/)))
  return [...new Set(all.map((word) => word.replace(/^\.\//, "")).filter((word) => reportName.test(word)))]
}
