/** What Aura and the process of its windows say to each other. */
import { z } from "zod"
import { Places } from "./place.ts"

/** A path of the interface: appended to the server's address, it must not change the host. */
const Path = z
  .string()
  .max(4000)
  .regex(/^\/(?![/\\])[^\s#]*$/)

/** What may be opened outside of Aura: never a file, a program's own scheme, or an option. */
const Outside = z
  .string()
  .max(8000)
  .refine((text) => URL.canParse(text) && ["http:", "https:", "mailto:"].includes(new URL(text).protocol))

/** To the windows. */
export const ToShell = z.discriminatedUnion("type", [
  /** A window, at home on one server; of a project's editor the one that is there, if one is. */
  z.object({ type: z.literal("open"), url: z.string(), home: z.string(), places: Places }),
  /** A fresh sign-in for a window that asked for it. */
  z.object({ type: z.literal("load"), window: z.number(), url: z.string() }),
  z.object({ type: z.literal("focus") }),
  /** Asks whether work continues without the window. */
  z.object({ type: z.literal("ask"), window: z.number() }),
  z.object({ type: z.literal("drop"), window: z.number(), name: z.string(), text: z.string() }),
  /** What was dropped is no document, and why. */
  z.object({ type: z.literal("refuse"), window: z.number(), problem: z.string() }),
  z.object({ type: z.literal("notify"), title: z.string(), body: z.string(), path: Path }),
  z.object({ type: z.literal("exit") }),
])
export type ToShell = z.infer<typeof ToShell>

export const Closing = z.enum(["keep", "stop", "cancel"])
export type Closing = z.infer<typeof Closing>

/** From the windows. */
export const FromShell = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("titled"), window: z.number(), title: z.string(), path: Path }),
  z.object({ type: z.literal("placed"), places: Places }),
  /** The last window is being closed. */
  z.object({ type: z.literal("closing"), window: z.number() }),
  /** A window is gone, the process of the windows is not. */
  z.object({ type: z.literal("closed"), window: z.number() }),
  z.object({ type: z.literal("answered"), window: z.number(), answer: Closing }),
  z.object({ type: z.literal("signIn"), window: z.number(), path: Path }),
  z.object({ type: z.literal("newWindow"), path: Path }),
  z.object({ type: z.literal("outside"), url: Outside }),
  z.object({ type: z.literal("dropped"), window: z.number(), file: z.string() }),
  z.object({ type: z.literal("quit"), window: z.number() }),
])
export type FromShell = z.infer<typeof FromShell>

/** What a page may say to its window; anything else is dropped. */
export const FromPage = z.discriminatedUnion("type", [
  /** It listens from now on; what it was told before waits until then. */
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("asked") }),
  z.object({ type: z.literal("answered"), answer: Closing }),
  z.object({ type: z.literal("signIn"), path: Path }),
  /** How much it holds that is saved nowhere; with any, it is asked before its window closes. */
  z.object({ type: z.literal("unsaved"), count: z.number().int().min(0) }),
  /** Its answers to that. */
  z.object({ type: z.literal("close") }),
  z.object({ type: z.literal("stay") }),
  /** An entry of the menu, by its key. */
  z.object({
    type: z.literal("chose"),
    entry: z.enum(["zoomIn", "zoomOut", "zoomReset", "reload", "closeWindow"]),
  }),
])
export type FromPage = z.infer<typeof FromPage>
