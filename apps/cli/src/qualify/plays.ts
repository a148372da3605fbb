/** What scripted models say to the cases offline: honest ones, and ones that only claim. */
import { honest } from "./honest.ts"
import type { Play } from "./play.ts"
import { villains } from "./villains.ts"

export const plays: readonly Play[] = [...honest, ...villains]
