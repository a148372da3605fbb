/** A file beside the work may not send a stored key to an address of its own. */
import { providerIds, providers } from "@aura/core"
import { type Aura, settings } from "@aura/domain"
import type { Env } from "./env.ts"

/** Drops each address that a file names while a key for another address is stored, and logs a sentence for each. */
export async function ignoreForeignAddresses(
  aura: Aura,
  env: Env,
  log: (line: string) => void,
): Promise<void> {
  const isForeign = async (...given: Parameters<typeof settings.isKeyFor>) =>
    !(await settings.isKeyFor(...given))
  if (env.modelBaseUrlFile && env.modelBaseUrl && (await isForeign(aura, env.modelBaseUrl))) {
    aura.config.modelBaseUrl = null
    log(describeIgnored("ANTHROPIC_BASE_URL", env.modelBaseUrlFile))
  }
  for (const id of providerIds) {
    const { apiKey, baseUrl, baseUrlFile } = env.providers[id] ?? {}
    if (!baseUrl || !baseUrlFile || !(await isForeign(aura, baseUrl, id))) continue
    aura.config.providers = { ...aura.config.providers, [id]: { apiKey: apiKey ?? null, baseUrl: null } }
    log(describeIgnored(providers[id].addressName, baseUrlFile))
  }
}

function describeIgnored(name: string, file: string): string {
  return `${name} in ${file} is ignored: a key for another address is stored in Settings. Set it in the real environment, or enter the key for that address.`
}
