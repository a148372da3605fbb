/** Who looks at a terminal. Each says what it has drawn; one that stays behind is sent away, not buffered for. */

export type Viewer = {
  /** Text that draws the screen as it is; first, and once. */
  onScreen(text: string): void
  onOutput(text: string): void
  /** Someone gave the screen another size, which holds for all. */
  onSize(cols: number, rows: number): void
  /** A program gave it a name. */
  onTitle(title: string): void
  /** @param reason why, where it was not the shell that ended */
  onExit(exitCode: number, reason?: string): void
  /** It stayed behind for too long and hears nothing more. */
  onBehind(): void
}

export type Seat = { drawn(length: number): void; leave(): void }

export type Audience = {
  /** @param screen resolves with the screen as of now */
  join(viewer: Viewer, screen: Promise<string>): Seat
  tell(text: string): void
  resize(cols: number, rows: number): void
  rename(title: string): void
  end(exitCode: number, reason?: string): void
  /** True while the slowest has more to draw than it should. */
  isBehind(): boolean
}

/** Characters a viewer may be sent before it has to say that it drew some. */
export const maxUndrawn = 1_000_000
export const patienceMs = 5_000

type Place = {
  viewer: Viewer
  waiting: string[] | undefined
  undrawn: number
  timer: NodeJS.Timeout | undefined
}

/** @param onMoved someone drew, or left */
export function createAudience(onMoved: () => void): Audience {
  const places = new Set<Place>()

  const leave = (place: Place) => {
    clearTimeout(place.timer)
    if (places.delete(place)) onMoved()
  }
  const give = (place: Place, text: string) => {
    place.undrawn += text.length
    if (place.undrawn > maxUndrawn) place.timer ??= setTimeout(() => sendAway(place), patienceMs).unref()
    place.viewer.onOutput(text)
  }
  const sendAway = (place: Place) => {
    leave(place)
    place.viewer.onBehind()
  }
  return {
    join(viewer, screen) {
      const place: Place = { viewer, waiting: [], undrawn: 0, timer: undefined }
      places.add(place)
      void screen.then((text) => {
        if (!places.has(place)) return
        viewer.onScreen(text)
        const waited = place.waiting ?? []
        place.waiting = undefined
        for (const one of waited) give(place, one)
      })
      return {
        drawn(length) {
          place.undrawn = Math.max(0, place.undrawn - length)
          clearTimeout(place.timer)
          place.timer = undefined
          if (place.undrawn > maxUndrawn) place.timer = setTimeout(() => sendAway(place), patienceMs).unref()
          onMoved()
        },
        leave: () => leave(place),
      }
    },
    tell(text) {
      for (const place of places) {
        if (place.waiting) place.waiting.push(text)
        else give(place, text)
      }
    },
    resize(cols, rows) {
      // Who waits for its screen is told the size with it.
      for (const place of places) if (!place.waiting) place.viewer.onSize(cols, rows)
    },
    rename(title) {
      for (const place of places) place.viewer.onTitle(title)
    },
    end(exitCode, reason) {
      for (const place of places) {
        clearTimeout(place.timer)
        place.viewer.onExit(exitCode, reason)
      }
      places.clear()
    },
    isBehind: () => [...places].some((place) => place.undrawn > maxUndrawn),
  }
}
