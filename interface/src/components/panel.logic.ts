/** How wide a panel at the side may be. Pure. */

export type Room = { initial: number; min: number; max: number }

/** @param stored what this device remembers, if anything */
export function readWidth(stored: string | null, room: Room): number {
  const width = stored === null ? Number.NaN : Number(stored)
  return Number.isFinite(width) ? clampWidth(width, room) : room.initial
}

export function clampWidth(width: number, room: Room): number {
  return Math.round(Math.min(room.max, Math.max(room.min, width)))
}

/** The width after a key press, or undefined for other keys. `side` is the position of the panel. */
export function widthByKey(
  key: string,
  width: number,
  side: "left" | "right",
  room: Room,
): number | undefined {
  const grow = side === "left" ? "ArrowRight" : "ArrowLeft"
  const shrink = side === "left" ? "ArrowLeft" : "ArrowRight"
  if (key === grow) return clampWidth(width + 24, room)
  if (key === shrink) return clampWidth(width - 24, room)
  if (key === "Home") return room.min
  if (key === "End") return room.max
  return key === "Enter" ? room.initial : undefined
}
