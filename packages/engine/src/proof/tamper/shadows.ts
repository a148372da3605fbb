/** Files that put themselves before a tool or into every run of one. */
import { basename } from "node:path/posix"
import type { ChangedFile, Finding } from "./finding.ts"
import { isToolName } from "./places.ts"

const modules =
  /^(?:pytest|unittest|_pytest|assert|sitecustomize|usercustomize|doctest)\.(?:py|js|mjs|cjs|ts|pth)$|^(?:sitecustomize|usercustomize)\.py$|\.pth$/

/** Lines of settings that reach into every run. */
const reaching: readonly (readonly [RegExp, RegExp, string])[] = [
  [
    /(?:^|\/)\.npmrc$|(?:^|\/)\.yarnrc(?:\.yml)?$|(?:^|\/)\.pnpmfile/,
    /^\s{0,30}(?:script-shell|scripts-prepend-node-path|node-options|shell|scriptShell|nodeOptions|ignore-scripts|yarnPath|yarn-path|if-present|globalconfig|prefix)\s{0,30}[:=]/m,
    "it decides with what scripts are run",
  ],
  [
    /(?:^|\/)(?:\.env[.\w]*|\.envrc|[\w.-]*\.sh|package\.json|Makefile|makefile|justfile|\.mise\.toml|mise\.toml|\.tool-versions|\.bashrc|\.profile|\.bash_env)$/,
    /\b(?:NODE_OPTIONS|PYTHONSTARTUP|PYTEST_ADDOPTS|PYTEST_PLUGINS|BASH_ENV|LD_PRELOAD|DYLD_INSERT_LIBRARIES|RUSTC_WRAPPER|GOFLAGS|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|MAVEN_OPTS|RUSTC|CARGO_ALIAS_\w+)\s*[:=]|\bPATH\s*[:?]?=\s*["']?(?:\.|\$\(?\{?(?:PWD|CURDIR)|\.\/)/m,
    "it reaches into every program that is run",
  ],
  [
    /(?:^|\/)\.cargo\/config(?:\.toml)?$/,
    /^\s{0,30}(?:runner|rustc-wrapper|rustc|linker|test\s{0,30}=|t\s{0,30}=|\[alias\])/m,
    "it decides what cargo runs",
  ],
  [
    /(?:^|\/)(?:pyproject\.toml|pytest\.ini|setup\.cfg|tox\.ini|conftest\.py)$/,
    /^\s{0,30}(?:-p\s{1,30}\S{1,200}|addopts\s{0,30}=.{0,200}-p\s{1,30}(?!no:cacheprovider)\S{1,200}|pytest_plugins\s{0,30}=|\[project\.entry-points\.["']?pytest11)/m,
    "it loads a plugin into the test runner",
  ],
  [
    /(?:^|\/)go\.(?:mod|work)$/,
    /^\s{0,30}replace\s{1,30}\S{0,200}(?:testify|gotest|go-cmp|quicktest)\S{0,200}\s{0,30}=>\s{0,30}\.{0,2}\//m,
    "it replaces a package that tests use",
  ],
]

export function findShadows(file: ChangedFile, isAskedByName: boolean): Finding[] {
  // What differs in nothing else has become executable.
  if (file.after === null || (file.before === file.after && !file.isExecutable)) return []
  const name = basename(file.path)
  const tell = (line: number, sentence: string): Finding => ({
    file: file.path,
    lines: { from: line, to: line, side: "new" },
    kind: "tool_shadowed",
    sentence,
    isBlocking: true,
    about: { action: "script", words: `${name} ${file.path}`, newValues: [], oldValues: [] },
  })
  if (/(?:^|\/)node_modules\//.test(file.path))
    return [tell(1, `${file.path} is put among the installed packages, where a check would run it.`)]
  if (/(?:^|\/)(?:\.venv|venv|site-packages)\//.test(file.path))
    return [tell(1, `${file.path} is put among the installed packages, where a check would run it.`)]
  if (isToolName(name) && !isAskedByName && isProgram(file))
    return [tell(1, `${file.path} has the name of a tool and can stand before the real one.`)]
  if (modules.test(name) && !/(?:^|\/)node_modules\//.test(file.path) && file.before === null)
    return [
      tell(
        1,
        `${file.path} is loaded in place of the real ${name.replace(/\.\w+$/, "")}, or into every run.`,
      ),
    ]
  const findings: Finding[] = []
  for (const [where, what, sentence] of reaching) {
    if (!where.test(file.path)) continue
    for (const [found] of file.after.matchAll(new RegExp(what.source, "gm"))) {
      if ((file.before ?? "").includes(found.trim())) continue
      const line = file.after.slice(0, file.after.indexOf(found)).split("\n").length
      findings.push(tell(line, `${file.path}: ${sentence}: \`${found.trim()}\`.`))
      break
    }
  }
  return findings
}

/** A folder such as `src/test` is no program; only what could be run counts. */
function isProgram(file: ChangedFile): boolean {
  if (file.isExecutable === false && !/\.(?:exe|cmd|bat|ps1)$/.test(file.path)) return false
  return /\.(?:exe|cmd|bat|ps1)$/.test(file.path) || !/\.\w+$/.test(basename(file.path))
}
