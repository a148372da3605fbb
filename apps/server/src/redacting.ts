/** Removes secrets on their way into the store, to the model, and to live viewers. */

import { type LiveEvent, mapStrings, type Redactor, type Table } from "@aura/core"
import type { Model, ModelRequest } from "@aura/model"

type Message = ModelRequest["messages"][number]

/**
 * A row as it may be stored. From the model's own output only known secrets are removed: its calls may be repeated from
 * here after a crash and must be the same then. From the input of tools and people, everything that looks like a key is removed.
 */
export function cleanRow<R>(redactor: Redactor, table: Table, row: R): R {
  const isFromOutside = table === "entries" && !isReply(row)
  return isFromOutside ? redactor.value(row) : mapStrings(row, redactor.known)
}

function isReply(row: unknown): boolean {
  return typeof row === "object" && row !== null && "kind" in row && row.kind === "reply"
}

/** The same model, which receives no secrets. Its own output is returned unchanged, except for known secrets. */
export function createRedactingModel(model: Model, redactor: Redactor): Model {
  // A message is cleaned once and keeps its identity, because its serialized form may be cached.
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

/** Live text arrives in pieces: a possible prefix of a secret is held back, so that no secret is split. */
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
