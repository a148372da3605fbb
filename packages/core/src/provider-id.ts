/** The names of providers as a schema. */
import { z } from "zod"
import { providerIds } from "./provider.ts"

export const ProviderId = z.enum(providerIds)
