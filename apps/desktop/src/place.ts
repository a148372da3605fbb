/** Where a window was, so that it opens there again: remembered for each set of displays. */
import { z } from "zod"

/** In pixels of the screens. */
export const Place = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  isMaximized: z.boolean(),
})
export type Place = z.infer<typeof Place>

export const Screen = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })
export type Screen = z.infer<typeof Screen>

export const Places = z.record(z.string(), Place)
export type Places = z.infer<typeof Places>

const usual = { width: 1280, height: 860 }
const step = 32
const smallest = { width: 480, height: 360 }

/** Editors have a size of their own. */
export type Kind = "editor" | "main"

/** What a set of displays is called: a laptop at its dock is another one than the laptop alone. */
export function nameScreens(screens: readonly Screen[], kind: Kind = "main"): string {
  const names = screens.map(({ x, y, width, height }) => `${width}x${height}+${x}+${y}`).toSorted()
  return (kind === "main" ? names : [kind, ...names]).join(" ")
}

/**
 * Where a window opens: where it was on these displays, moved into sight, or in the middle of the first.
 * @param nth how many of its kind are open already: each shows the edge of the one below
 */
export function findPlace(
  places: Places,
  screens: readonly Screen[],
  { nth = 0, kind = "main" }: { nth?: number; kind?: Kind } = {},
): Place | undefined {
  const place = findFirst(places[nameScreens(screens, kind)], screens)
  const screen = place && (screens.find((one) => isOn(place, one)) ?? screens[0])
  if (!screen || nth === 0) return place
  return intoSight({ ...place, x: place.x + nth * step, y: place.y + nth * step }, screen)
}

/** @param slack how far off it may be in each direction */
export function isSamePlace(one: Place, other: Place, slack = 0): boolean {
  const isNear = (key: "x" | "y" | "width" | "height") => Math.abs(one[key] - other[key]) <= slack
  return one.isMaximized === other.isMaximized && (["x", "y", "width", "height"] as const).every(isNear)
}

function findFirst(last: Place | undefined, screens: readonly Screen[]): Place | undefined {
  const first = screens[0]
  if (!first) return undefined
  if (last) return intoSight(last, screens.find((screen) => isOn(last, screen)) ?? first)
  const width = Math.min(usual.width, first.width)
  const height = Math.min(usual.height, first.height)
  return {
    x: first.x + Math.round((first.width - width) / 2),
    y: first.y + Math.round((first.height - height) / 2),
    width,
    height,
    isMaximized: false,
  }
}

function isOn({ x, y, width, height }: Place, screen: Screen): boolean {
  const [middleX, middleY] = [x + width / 2, y + height / 2]
  return (
    middleX >= screen.x &&
    middleX < screen.x + screen.width &&
    middleY >= screen.y &&
    middleY < screen.y + screen.height
  )
}

function intoSight(place: Place, screen: Screen): Place {
  const width = Math.min(Math.max(place.width, smallest.width), screen.width)
  const height = Math.min(Math.max(place.height, smallest.height), screen.height)
  const within = (at: number, start: number, room: number) => Math.min(Math.max(at, start), start + room)
  return {
    x: within(place.x, screen.x, screen.width - width),
    y: within(place.y, screen.y, screen.height - height),
    width,
    height,
    isMaximized: place.isMaximized,
  }
}
