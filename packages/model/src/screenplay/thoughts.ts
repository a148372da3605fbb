/**
 * Thinking blocks as the API signs and checks them: a signature holds for the text, the model and, with newer models,
 * for all that came before the block. It is made from these alone, so that it can be checked after a restart.
 */
import { createHash, type Hash } from "node:crypto"
import type { ModelFacts } from "../catalog.ts"
import { isObject, type Json, objectOf, textOf } from "../json.ts"
import { toCanonicalId } from "../model-id.ts"

export type Thoughts = {
  /** What is wrong, in the API's words. */
  violation?: string
  /** Blocks the model can use. */
  kept: number
  /** Blocks that are taken out: of another model, or of a conversation that was changed. */
  dropped: number
}

/** @param before blocks of the same reply in front of the thought */
export function signThought(request: Json, before: readonly Json[], thinking: string): string {
  const hash = startHash(request)
  for (const message of listOf(request.messages)) addMessage(hash, objectOf(message), () => undefined)
  hash.update("assistant")
  for (const block of before) addBlock(hash, block)
  return sign(textOf(request.model), digest(hash), thinking)
}

/** Checks every thought of a request that has passed the checks of its form. */
export function judgeThoughts(request: Json, { checksPrefix }: ModelFacts): Thoughts {
  const thinking = objectOf(request.thinking)
  const isOn = thinking.type === "adaptive" || thinking.type === "enabled"
  const drops = objectOf(thinking.block_binding).prefix_mismatch_behavior === "drop_block"
  const model = toCanonicalId(textOf(request.model))
  const thoughts: Thoughts = { kept: 0, dropped: 0 }
  const messages = listOf(request.messages)
  if (!messages.some(hasThought)) return thoughts
  const hash = startHash(request)
  for (const [i, message] of messages.entries()) {
    addMessage(hash, objectOf(message), (block, j) => {
      if (thoughts.violation) return
      const place = `messages.${i}.content.${j}`
      const text = textOf(block.thinking)
      const [producer = "", prefix = ""] = textOf(block.signature).split("|")
      if (textOf(block.signature) !== sign(producer, prefix, text)) {
        thoughts.violation = `${place}: Invalid \`signature\` in \`thinking\` block`
        return
      }
      const isForeign = toCanonicalId(producer) !== model
      const isChanged = checksPrefix && !isForeign && prefix !== digest(hash)
      if (isChanged && !drops) {
        thoughts.violation = `${place}: Invalid \`signature\` in \`thinking\` block. The block is bound to a different conversation. Remove the block, or set \`thinking.block_binding.prefix_mismatch_behavior\` to "drop_block".`
      } else if (!isOn || isForeign || isChanged) thoughts.dropped += 1
      else thoughts.kept += 1
    })
  }
  return thoughts
}

function hasThought(message: unknown): boolean {
  return listOf(objectOf(message).content).some((block) => objectOf(block).type === "thinking")
}

function startHash({ tools, system }: Json): Hash {
  const hash = createHash("sha256")
  for (const block of [...listOf(tools), ...(typeof system === "string" ? [system] : listOf(system))])
    addBlock(hash, block)
  return hash
}

function addMessage(hash: Hash, { role, content }: Json, onThought: (block: Json, j: number) => void): void {
  hash.update(textOf(role))
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : listOf(content)
  for (const [j, block] of blocks.entries()) {
    if (isObject(block) && block.type === "thinking") onThought(block, j)
    addBlock(hash, block)
  }
}

/** Cache marks are no part of what was said. */
function addBlock(hash: Hash, block: unknown): void {
  hash.update(withoutMark(block)).update("\n")
}

export function withoutMark(block: unknown): string {
  if (!isObject(block) || !("cache_control" in block)) return JSON.stringify(block)
  const { cache_control: _, ...rest } = block
  return JSON.stringify(rest)
}

function digest(hash: Hash): string {
  return hash.copy().digest("base64url").slice(0, 22)
}

function sign(model: string, prefix: string, thinking: string): string {
  const seal = createHash("sha256").update(`${model}|${prefix}|${thinking}`).digest("base64url").slice(0, 22)
  return `${model}|${prefix}|${seal}`
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
