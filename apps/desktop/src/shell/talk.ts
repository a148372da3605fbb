/** What a window and its page say to each other: news waits until the page listens, a question does not wait for it. */
import { type Closing, FromPage } from "../messages.ts"
import { makeTelling } from "./page.ts"

export type Talk = {
  /** What came from the page. */
  hear(text: string): void
  /** Tells the page something, as soon as it listens. */
  tell(name: "go" | "document" | "refused", detail: unknown): void
  /** Asks whether work continues without the window. If the page does not answer, the window closes. */
  ask(): void
  /** How much the page holds that is saved nowhere. */
  unsaved(): number
  /** Asks whether that may be lost; `onClose` unless the page says that it stays. */
  askToLeave(onClose: () => void): void
  /** The page is gone, and with it what it held; another one comes. */
  reset(): void
  end(): void
}

export type TalkEvents = {
  run(script: string): void
  answered(answer: Closing): void
  signIn(path: string): void
  /** The page closes its window by itself. */
  closed(): void
  chose(entry: string): void
}

const askMs = 4000
/** Longer, because a slow page must not lose unsaved work. */
const leaveMs = 8000

export function createTalk({ run, answered, signIn, closed, chose }: TalkEvents): Talk {
  let isListening = false
  let held: string[] = []
  let unsaved = 0
  let unanswered: NodeJS.Timeout | undefined
  let leave: (() => void) | undefined

  const put = (question: "closing" | "leaving", ms: number, otherwise: () => void) => {
    clearTimeout(unanswered)
    unanswered = setTimeout(otherwise, ms)
    run(makeTelling(question, null))
  }
  const close = () => {
    clearTimeout(unanswered)
    const then = leave ?? closed
    leave = undefined
    then()
  }
  const hear = (said: FromPage) => {
    switch (said.type) {
      case "ready":
        isListening = true
        for (const script of held.splice(0)) run(script)
        break
      case "asked":
        clearTimeout(unanswered)
        break
      case "answered":
        return answered(said.answer)
      case "signIn":
        return signIn(said.path)
      case "unsaved":
        unsaved = said.count
        break
      case "chose":
        return chose(said.entry)
      case "stay":
        leave = undefined
        break
      case "close":
        close()
    }
  }
  return {
    hear(text) {
      const said = FromPage.safeParse(parse(text)).data
      if (said) hear(said)
    },
    tell(name, detail) {
      const script = makeTelling(name, detail)
      if (isListening) run(script)
      else held.push(script)
    },
    ask: () => put("closing", askMs, () => answered("keep")),
    unsaved: () => unsaved,
    askToLeave(onClose) {
      leave = onClose
      put("leaving", leaveMs, close)
    },
    reset() {
      isListening = false
      unsaved = 0
    },
    end() {
      clearTimeout(unanswered)
      held = []
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
