/** What only a desktop does: orders to the window, and programs of the user's own. */
import { z } from "zod"

export const Pick = z.enum(["folder", "file"])
export type Pick = z.infer<typeof Pick>

/** What the server asks of the window that is attached to it. */
export const WindowOrder = z.discriminatedUnion("type", [
  z.object({ type: z.literal("open"), path: z.string() }),
  z.object({ type: z.literal("notify"), title: z.string(), body: z.string(), path: z.string() }),
  z.object({ type: z.literal("pick"), id: z.string(), kind: Pick, title: z.string() }),
])
export type WindowOrder = z.infer<typeof WindowOrder>

/** A path of the interface, never another site's. */
export const InterfacePath = z
  .string()
  .max(2000)
  .regex(/^\/(?!\/)/, "must start with one slash")

export const EditorId = z.enum(["vscode", "cursor", "zed", "jetbrains", "vim"])
export type EditorId = z.infer<typeof EditorId>

export const EditorView = z.object({ id: EditorId, name: z.string() })
export type EditorView = z.infer<typeof EditorView>
