/** What a file is, by its path. */
import { basename } from "node:path/posix"
import { isSystemProgram } from "@aura/workspace"

const testFolder = /(?:^|\/)(?:tests?|__tests__|e2e|cypress)\/|^specs?\//i
const testName =
  /(?:\.(?:test|spec|tests|e2e|cy)\.\w{1,200}$)|[-_](?:test|spec)\.\w{1,200}$|(?:^|\/)test_[^/]{0,200}\.\w{1,200}$|^test-[^/]{0,200}\.\w{1,200}$|_test\.\w{1,200}$|(?:Tests?|IT|Spec)\.(?:java|kt|scala|cs|swift)$|\.bats$|(?:^|\/)tests?\.\w{1,200}$|(?:^|\/)conftest\.py$|(?:^|\/)(?:vitest|jest|test|tests)[.-]?setup[^/]{0,200}\.\w{1,200}$|(?:^|\/)setup[-_.]?tests?\.\w{1,200}$/i
const code = /\.(?:[cm]?[jt]sx?|py|rs|go|java|kt|rb|php|cs|swift|scala|sh|bash|bats|zsh|exs?|pl|lua)$/i

/** Code that proves other code. */
export function isTestPath(path: string): boolean {
  if (isGenerated(path) || isGolden(path)) return false
  return (
    testName.test(path) ||
    (testFolder.test(path) && code.test(path) && !/\/(?:src\/main|fixtures?|testdata)\//.test(path))
  )
}

/** A file that a runner takes for a test by its name alone. */
export function isNamedTest(path: string): boolean {
  return /(?:\.(?:test|spec)\.[cm]?[jt]sx?$)|(?:^|\/)test_[^/]{1,200}\.py$|_test\.(?:py|go)$|Tests?\.java$|\.bats$/.test(
    path,
  )
}

/** Recorded output that tests compare with. */
export function isGolden(path: string): boolean {
  if (code.test(path)) return /(?:^|\/)__snapshots__\//.test(path)
  return (
    /(?:^|\/)(?:__snapshots__|snapshots|goldens?|cassettes|baselines?|__image_snapshots__|approved)\//i.test(
      path,
    ) ||
    /\.(?:snap|golden|approved|expected)(?:\.\w{1,200})?$|[._-](?:golden|expected|approved|snapshot)\.\w{1,200}$|(?:^|\/)expected[^/]{0,200}\.(?:txt|json|out|xml|html|csv|ya?ml|md)$/i.test(
      path,
    ) ||
    /(?:^|\/)(?:tests?|spec|__tests__|src\/test)\/(?:.{0,200}\/)?(?:fixtures?|testdata|data|expected|resources|__fixtures__)\//i.test(
      path,
    ) ||
    /(?:^|\/)testdata\//.test(path)
  )
}

export function isGenerated(path: string): boolean {
  return /(?:^|\/)(?:node_modules|target|dist|build|vendor|\.venv|venv)\//.test(path)
}

export function isCi(path: string): boolean {
  return /^\.github\/(?:workflows|actions)\/|^\.gitlab-ci|^\.circleci\/|^azure-pipelines|^\.travis\.yml$|(?:^|\/)Jenkinsfile|^bitbucket-pipelines|^\.drone|^\.buildkite\/|^\.pre-commit-config|^\.husky\/|^lefthook/.test(
    path,
  )
}

const configName =
  /^(?:tsconfig[^/]{0,200}\.json|jsconfig\.json|\.?eslintrc[^/]{0,200}|eslint\.config\.\w{1,200}|biome\.jsonc?|\.?oxlintrc\.json|\.prettierrc[^/]{0,200}|vitest\.\w{1,200}\.?\w{0,200}|vite\.config\.\w{1,200}|jest\.config\.\w{1,200}|jest\.setup\.\w{1,200}|\.mocharc[^/]{0,200}|ava\.config\.\w{1,200}|playwright\.config\.\w{1,200}|cypress\.config\.\w{1,200}|karma\.conf\.\w{1,200}|\.nycrc[^/]{0,200}|\.c8rc[^/]{0,200}|codecov\.yml|\.codecov\.yml|\.coveragerc|pytest\.ini|tox\.ini|noxfile\.py|setup\.cfg|pyproject\.toml|mypy\.ini|\.mypy\.ini|pyrightconfig\.json|ruff\.toml|\.ruff\.toml|\.flake8|\.pylintrc|pylintrc|Cargo\.toml|clippy\.toml|\.clippy\.toml|\.golangci\.\w{1,200}|pom\.xml|build\.gradle(?:\.kts)?|checkstyle\.xml|\.shellcheckrc|sonar-project\.properties|package\.json|\.taprc|nx\.json|turbo\.json|rustfmt\.toml|deny\.toml|\.eslintignore|\.npmrc|phpunit\.xml|\.rspec|gradle\.properties|maven\.config|jvm\.config)$/

export function isConfig(path: string): boolean {
  return configName.test(basename(path)) || /(?:^|\/)\.(?:cargo|mvn)\//.test(path)
}

export function isCode(path: string): boolean {
  return code.test(path)
}

/** Whether the guard has rules for such a file. */
export function isLookedAt(path: string): boolean {
  return (
    isCode(path) ||
    isConfig(path) ||
    isCi(path) ||
    isGolden(path) ||
    isTool(path) ||
    !/\.\w+$/.test(basename(path))
  )
}

function isTool(path: string): boolean {
  return /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|\.env[.\w]*|\.envrc|[\w.]*ignore|go\.(?:mod|work)|[Jj]ustfile|[\w-]+\.mk|\.mise\.toml|\.tool-versions)$|\.(?:exe|cmd|bat|ps1|pth)$|(?:^|\/)(?:node_modules|site-packages|\.venv|venv)\//.test(
    path,
  )
}

/** Programs that checks call; a file of such a name in the tree can stand before the real one. */
export function isToolName(name: string): boolean {
  return isSystemProgram(name.replace(/\.(?:exe|cmd|bat|ps1)$/, ""))
}
