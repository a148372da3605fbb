/** A package for Debian and its kin, by `dpkg-deb` alone. */
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { sizeOf } from "./tree.ts"

/** What it cannot do without: the window's web view, the sandbox, and git. */
const depends = [
  "libc6 (>= 2.28)",
  "libstdc++6",
  "libatomic1",
  "libwebkit2gtk-4.1-0",
  "libxdo3",
  "git",
  "bubblewrap",
]
const recommends = ["zenity | kdialog", "xdg-utils"]
const architectures: Record<string, string> = { x64: "amd64", arm64: "arm64" }

/**
 * @param tree the folder that `layTree` made; it is moved into the package
 * @returns the package's path
 */
export function makeDeb(root: string, tree: string, out: string, version: string): string {
  const stage = join(out, "deb")
  rmSync(stage, { recursive: true, force: true })
  const at = (path: string) => {
    mkdirSync(join(stage, path, ".."), { recursive: true })
    return join(stage, path)
  }
  const size = Math.ceil(sizeOf(tree) / 1024)
  renameSync(tree, at("usr/lib/aura"))
  for (const name of ["aura", "aura-desktop"]) symlinkSync(`../lib/aura/bin/${name}`, at(`usr/bin/${name}`))
  writeFileSync(at("usr/share/applications/aura.desktop"), desktopEntry)
  cpSync(join(root, "interface/public/favicon.svg"), at("usr/share/icons/hicolor/scalable/apps/aura.svg"))
  cpSync(join(root, "LICENSE"), at("usr/share/doc/aura/copyright"))
  const architecture = architectures[process.arch] ?? process.arch
  writeFileSync(
    at("DEBIAN/control"),
    [
      "Package: aura",
      `Version: ${version}`,
      `Architecture: ${architecture}`,
      "Maintainer: The Aura authors <aura@localhost>",
      "Section: devel",
      "Priority: optional",
      `Installed-Size: ${size}`,
      `Depends: ${depends.join(", ")}`,
      `Recommends: ${recommends.join(", ")}`,
      "Description: turns a requirements document into proven software, unattended",
      " Aura plans, writes, checks and commits what a document asks for. It comes with",
      " a window, a web interface and the command aura.",
      "",
    ].join("\n"),
  )
  const file = join(out, `aura_${version}_${architecture}.deb`)
  // Most of it is one program that is hard to compress further; a second is worth more than a megabyte.
  execFileSync("dpkg-deb", ["--root-owner-group", "-Zgzip", "-z3", "--build", stage, file], {
    stdio: "ignore",
  })
  rmSync(stage, { recursive: true, force: true })
  return file
}

const desktopEntry = `[Desktop Entry]
Type=Application
Name=Aura
Comment=Turns a requirements document into proven software
Exec=aura-desktop
Icon=aura
Terminal=false
Categories=Development;
StartupWMClass=aura
`
