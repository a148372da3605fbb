/** Where secrets are taken out on the way: into the store, to the model, to whoever watches live. */

import { type LiveEvent, mapStrings, type Redactor, type Table } from "@aura/core"
import type { Model, ModelRequest } from "@aura/model"

type Message = ModelRequest["messages"][number]

/**
 * A row as it may be stored. What the model said is only freed of known secrets: its calls may be run again from
 * here after a crash, and must be the same then. What tools and people brought in loses all that looks like a key.
 */
export function cleanRow<R>(redactor: Redactor, table: Table, row: R): R {
  const isFromOutside = table === "entries" && !isReply(row)
  return isFromOutside ? redactor.value(row) : mapStrings(row, redactor.known)
}

function isReply(row: unknown): boolean {
  return typeof row === "object" && row !== null && "kind" in row && row.kind === "reply"
}

/** The same model, told no secret. What it said itself goes back as it came, but for known ones. */
export function createRedactingModel(model: Model, redactor: Redactor): Model {
  // A message is cleaned once and stays one object: its serialised form may be cached by whom it is sent through.
  const cleaned = new WeakMap<Message, Message>()
  const clean = (message: Message): Message => {
    const done = cleaned.get(message) ?? cleanMessage(redactor, message)
    cleaned.set(message, done)
    return done
  }
  return {
    checkKey: (signal) => model.checkKey(signal),
    stream: (request, signal) =>
      model.stream(
        {
          ...request,
          system: redactor.text(request.system),
          messages: request.messages.map(clean),
        },
        signal,
      ),
  }
}

function cleanMessage(redactor: Redactor, message: Message): Message {
  return message.role === "user" ? redactor.value(message) : mapStrings(message, redactor.known)
}

/** Live text arrives in pieces: what may be the beginning of a secret waits for its rest, so that none is cut in two. */
export function createRedactingFeed(
  redactor: Redactor,
  tell: (event: LiveEvent) => void,
): (event: LiveEvent) => void {
  const waiting = new Map<string, string>()
  return (event) => {
    if (event.type !== "tool.output" && event.type !== "check.output") return tell(redactor.value(event))
    const key = event.type === "tool.output" ? event.toolUseId : `${event.taskId} ${event.command}`
    const text = (waiting.get(key) ?? "") + event.text
    const end = redactor.settled(text)
    if (waiting.size > maxWaiting) waiting.clear()
    if (end < text.length) waiting.set(key, text.slice(end))
    else waiting.delete(key)
    if (end > 0) tell({ ...event, text: redactor.text(text.slice(0, end)) })
  }
}

const maxWaiting = 1000
