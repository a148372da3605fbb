/** Gathers what arrives into one delivery per animation frame, also while the page is hidden. */

export type Gatherer<T> = { add(item: T): void; clear(): void }

export function gatherPerFrame<T>(deliver: (items: T[]) => void): Gatherer<T> {
  let items: T[] = []
  let cancel: (() => void) | undefined

  function flush(): void {
    cancel?.()
    cancel = undefined
    const due = items
    items = []
    if (due.length > 0) deliver(due)
  }

  document.addEventListener("visibilitychange", flush)
  return {
    add(item) {
      items.push(item)
      cancel ??= document.hidden ? afterDelay(flush) : onFrame(flush)
    },
    clear() {
      cancel?.()
      cancel = undefined
      items = []
    },
  }
}

function onFrame(run: () => void): () => void {
  const id = requestAnimationFrame(run)
  return () => cancelAnimationFrame(id)
}

function afterDelay(run: () => void): () => void {
  const id = setTimeout(run, 250)
  return () => clearTimeout(id)
}
