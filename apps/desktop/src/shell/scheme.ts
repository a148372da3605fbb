/** Whether the desktop prefers a dark theme, where the web view does not know: GNOME has its own setting. */
import { spawn } from "node:child_process"
import { hostEnv } from "@aura/workspace/host-program"

/** It does not start a bus, and ends when its input closes, however this process ends. */
const script = `key="org.gnome.desktop.interface color-scheme"
[ -n "$DBUS_SESSION_BUS_ADDRESS$GSETTINGS_BACKEND" ] || [ -S "$XDG_RUNTIME_DIR/bus" ] || exit
gsettings get $key && { gsettings monitor $key & cat >/dev/null; kill $!; }`

/** @param tell called with how it is and at each change; never where there is no such setting */
export function followScheme(tell: (isDark: boolean) => void): void {
  if (process.platform !== "linux") return
  const follower = spawn("/bin/sh", ["-c", script], {
    stdio: ["pipe", "pipe", "ignore"],
    env: hostEnv(),
  })
  follower.on("error", () => undefined)
  follower.stdin.on("error", () => undefined)
  follower.stdout.setEncoding("utf8").on("data", (text: string) => tell(text.includes("prefer-dark")))
}
