/** The viewers of a terminal. Each acknowledges what it has drawn; one that falls behind is disconnected, not buffered for. */

export type Viewer = {
  /** Text that draws the current screen. Called first, and once. */
  onScreen(text: string): void
  onOutput(text: string): void
  /** A viewer resized the screen, which applies to all viewers. */
  onSize(cols: number, rows: number): void
  /** A program set the title. */
  onTitle(title: string): void
  /** @param reason why it ended, unless the shell exited by itself */
  onExit(exitCode: number, reason?: string): void
  /** The viewer fell behind for too long and gets no more output. */
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
  /** True while the slowest viewer has too much left to draw. */
  isBehind(): boolean
}

/** The maximum number of characters sent to a viewer without an acknowledgement. */
export const maxUndrawn = 1_000_000
export const patienceMs = 5_000

type Place = {
  viewer: Viewer
  waiting: string[] | undefined
  undrawn: number
  timer: NodeJS.Timeout | undefined
}

/** @param onMoved called when a viewer draws or leaves */
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
      // A viewer that still waits for its screen gets the size together with it.
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
