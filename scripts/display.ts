/** A display without a screen, with a window manager, and hands on it: Xvfb, openbox and xdotool. */
import { type ChildProcess, execFile, spawn } from "node:child_process"
import { once } from "node:events"
import { promisify } from "node:util"

const run = promisify(execFile)

export type Display = {
  /** Such as `:1`. */
  name: string
  /** What xdotool says to that. */
  hand(...args: string[]): Promise<string>
  close(): Promise<void>
}

/** @param size width x height in pixels */
export async function openDisplay(size: string): Promise<Display> {
  // Without `-noreset` it starts anew when its only client leaves, and throws out whoever comes at that moment.
  const flags = ["-displayfd", "3", "-screen", "0", `${size}x24`, "-nolisten", "tcp", "-noreset"]
  const server = spawn("Xvfb", flags, { stdio: ["ignore", "ignore", "ignore", "pipe"] })
  const number = await new Promise<string>((resolve, reject) => {
    server.once("error", reject)
    server.once("exit", () => reject(new Error("Xvfb did not start")))
    server.stdio[3]?.once("data", (text: Buffer) => resolve(text.toString().trim()))
  })
  const name = `:${number}`
  const env = { ...process.env, DISPLAY: name }
  const manager = spawn("openbox", ["--sm-disable"], { env, stdio: "ignore" })
  const hand = async (...args: string[]) => (await run("xdotool", args, { env })).stdout.trim()
  // Only a window manager knows of desktops.
  while (!(await hand("get_num_desktops").catch(() => ""))) {
    if (manager.exitCode !== null) throw new Error("openbox did not start")
  }
  return {
    name,
    hand,
    async close() {
      await end(manager)
      await end(server)
    },
  }
}

export async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, "exit")
  child.kill(signal)
  await ended
}
