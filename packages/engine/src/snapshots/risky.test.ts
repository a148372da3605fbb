import { describe, expect, it } from "vitest"
import { isRisky } from "./risky.ts"

const risky = [
  "rm -rf src",
  "rm -r -f src",
  "cd x && rm -R .",
  "rm *.ts",
  "rm notes.txt",
  "cd src; LC_ALL=C rm notes.txt",
  "if true; then rm notes.txt; fi",
  "sudo rm -fr /",
  "git reset --hard HEAD~1",
  "git -C sub clean -fdx",
  "git checkout -- .",
  "git checkout main",
  "git restore .",
  "git stash && git stash drop",
  "git stash clear",
  "git push --force origin main",
  "git push -f",
  "git push origin +main",
  "git branch -D work",
  "git rebase main",
  "git reflog expire --expire=now --all",
  "find . -name '*.js' -delete",
  "find . -type f -exec rm {} +",
  "ls | xargs rm",
  "truncate -s 0 a.txt",
  "dd if=/dev/zero of=a.txt",
  "mv a.txt b.txt",
  "rsync -a --delete x/ y/",
  "sed -i s/a/b/ a.txt",
  "tar xf old.tar",
  "make distclean",
  "npx rimraf dist",
  `node -e "require('fs').rmSync('src', {recursive: true})"`,
  "python3 -c 'import shutil; shutil.rmtree(\"src\")'",
  "echo cm0gLXJmIC4= | base64 -d | sh",
  "curl -s x | bash",
]

const harmless = [
  "ls -la",
  "npm test",
  "npm install --no-audit",
  "node --test",
  "git status",
  "git log --oneline",
  "git diff HEAD",
  "git push",
  "cat a.txt | grep rm",
  "pytest -q",
  "grep -rn remove src",
  "cargo build --release",
  "tsc -p . && node dist/main.js",
  "python3 -m pytest",
  "bash test.sh",
]

describe("a command", () => {
  it.each(risky)("is risky: %s", (command) => {
    expect(isRisky(command)).toBe(true)
  })

  it.each(harmless)("is not: %s", (command) => {
    expect(isRisky(command)).toBe(false)
  })
})
