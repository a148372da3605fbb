/** The system's own dialog for a folder or a file, in a program of its own: the event loop goes on meanwhile. */
import { spawn } from "node:child_process"
import type { Pick } from "@aura/core"
import { findProgram, hostEnv } from "@aura/workspace/host-program"

export type Picked = { path: string | null; problem?: string }

type Dialog = [command: string, ...args: string[]]

/** The programs that can ask, best first. What a title says is an argument, never a part of a script. */
export function toDialogs(platform: NodeJS.Platform, kind: Pick, title: string): Dialog[] {
  const isFolder = kind === "folder"
  switch (platform) {
    case "darwin":
      return [
        [
          "osascript",
          "-e",
          "on run argv",
          "-e",
          `POSIX path of (choose ${kind} with prompt (item 1 of argv))`,
          "-e",
          "end run",
          title,
        ],
      ]
    case "win32":
      return [["powershell", "-NoProfile", "-STA", "-Command", isFolder ? windowsFolder : windowsFile]]
    default:
      return [
        ["zenity", "--file-selection", ...(isFolder ? ["--directory"] : []), `--title=${title}`],
        ["kdialog", "--title", title, isFolder ? "--getexistingdirectory" : "--getopenfilename", "."],
      ]
  }
}

const windowsFolder = `Add-Type -AssemblyName System.Windows.Forms
$d = New-Object System.Windows.Forms.FolderBrowserDialog
if ($d.ShowDialog() -eq 'OK') { [Console]::Out.Write($d.SelectedPath) } else { exit 1 }`
const windowsFile = windowsFolder
  .replace("FolderBrowserDialog", "OpenFileDialog")
  .replace("SelectedPath", "FileName")

export async function pick(
  kind: Pick,
  title: string,
  dialogs = toDialogs(process.platform, kind, title),
): Promise<Picked> {
  for (const dialog of dialogs) {
    const picked = await ask(dialog)
    if (picked) return picked
  }
  const names = dialogs.map(([name]) => name).join(" or ")
  return { path: null, problem: `No program that can ask was found. Install ${names}, or type the path.` }
}

/** `undefined`: there is no such program. */
async function ask([name, ...args]: Dialog): Promise<Picked | undefined> {
  const command = findProgram(name)
  if (!command) return undefined
  return await new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: hostEnv() })
    let out = ""
    let said = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text))
    child.on("error", () => resolve(undefined))
    child.on("close", (code) => {
      const path = out.replace(/\r?\n$/, "")
      if (code === 0 && path !== "") return resolve({ path })
      // All of them exit with 1 when nothing was chosen; a missing display is reported on stderr.
      const isBroken = code !== 1 || /cannot open display/i.test(said)
      resolve(
        isBroken
          ? { path: null, problem: `${name} could not ask: ${said.trim().split("\n")[0]}` }
          : { path: null },
      )
    })
  })
}
