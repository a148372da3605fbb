import { describe, expect, it } from "vitest"
import { findPlace, nameScreens, type Place } from "./place.ts"

const laptop = { x: 0, y: 0, width: 1440, height: 900 }
const desk = { x: 1440, y: 0, width: 2560, height: 1440 }
const place: Place = { x: 1600, y: 100, width: 1000, height: 800, isMaximized: false }

describe("where a window opens", () => {
  it("is the middle of the first screen at first, and no larger than it", () => {
    expect(findPlace({}, [laptop])).toEqual({ x: 80, y: 20, width: 1280, height: 860, isMaximized: false })
    expect(findPlace({}, [{ ...laptop, width: 800, height: 600 }])).toMatchObject({
      x: 0,
      y: 0,
      width: 800,
      height: 600,
    })
    expect(findPlace({}, [])).toBeUndefined()
  })

  it("is where it was on the same set of screens, in whatever order they are listed", () => {
    const places = { [nameScreens([laptop, desk])]: place }
    expect(findPlace(places, [desk, laptop])).toEqual(place)
    expect(findPlace(places, [laptop])).toMatchObject({ x: 80, width: 1280 })
  })

  it("is a step beside the ones that are open, as long as there is room", () => {
    const places = { [nameScreens([laptop, desk])]: place }
    expect(findPlace(places, [laptop, desk], { nth: 2 })).toEqual({ ...place, x: 1664, y: 164 })
    expect(findPlace({}, [laptop], { nth: 9 })).toMatchObject({ x: 160, y: 40 })
  })

  it("is one of its own for an editor", () => {
    const places = { [nameScreens([laptop], "editor")]: { ...place, x: 10 } }
    expect(findPlace(places, [laptop], { kind: "editor" })).toMatchObject({ x: 10 })
    expect(findPlace(places, [laptop])).toMatchObject({ x: 80 })
  })

  it("is moved into sight", () => {
    const far = { ...place, x: 9000, y: -500, width: 5000, height: 20 }
    expect(findPlace({ [nameScreens([laptop])]: far }, [laptop])).toEqual({
      x: 0,
      y: 0,
      width: 1440,
      height: 360,
      isMaximized: false,
    })
  })
})
