/** The operating system's keychain: macOS, Windows, and Linux with a Secret Service. Loaded when it is first asked. */
import type { Keychain } from "@aura/domain"

const service = "aura"

/** @param installId tells the installs of one user apart */
export function createKeychain(installId: string): Keychain {
  const open = async (name: string) => {
    const { Entry } = await import("@napi-rs/keyring")
    // Never the kernel's keyring, which is cleared at the next boot.
    return new Entry(service, `${installId} ${name}`, { linux: { store: "secret-service" } })
  }
  return {
    async get(name) {
      return (await open(name)).getPassword()
    },
    async set(name, secret) {
      const entry = await open(name)
      entry.setPassword(secret)
      if (entry.getPassword() !== secret) throw new Error("The keychain did not keep it.")
    },
    async remove(name) {
      ;(await open(name)).deletePassword()
    },
  }
}
