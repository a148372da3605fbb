/** Judges a request as Gemini's own API does, models of the third generation and later. */
import { createHash } from "node:crypto"
import { noSignature } from "../gemini/request.ts"
import { isObject, type Json, objectOf, textOf } from "../json.ts"
import { countChars } from "../media.ts"
import { estimateTokens } from "./cache.ts"
import type { Verdict } from "./responses-validate.ts"
import { findBytesViolation } from "./validate-media.ts"

/** The signature of a part, made from what it says. */
export function signPart({ text, functionCall }: Json): string {
  const { name, args } = objectOf(functionCall)
  const said = isObject(functionCall) ? [name, args] : [text]
  return createHash("sha256").update(JSON.stringify(said)).digest("base64")
}

/** What is wrong with the body of `:generateContent`, or what of its thoughts can be used. */
export function judgeGemini(request: Json, contextWindow = 200_000): Verdict {
  const violation =
    findTopViolation(request) ??
    findToolsViolation(request.tools) ??
    findContentsViolation(request.contents) ??
    findSizeViolation(request, contextWindow)
  if (violation !== undefined) return { violation }
  const signed = listOf(request.contents).flatMap(({ parts }) =>
    listOf(parts).flatMap(({ thoughtSignature }) => textOf(thoughtSignature) || []),
  )
  const dropped = signed.filter((one) => one === noSignature).length
  return { thoughts: { kept: signed.length - dropped, dropped } }
}

/** The last two are not its own: they come from the address. */
const fields = new Set(
  "contents systemInstruction tools toolConfig generationConfig safetySettings cachedContent model stream".split(
    " ",
  ),
)
const configFields = new Set("maxOutputTokens thinkingConfig temperature topP topK stopSequences".split(" "))
const levels = new Set(["MINIMAL", "LOW", "MEDIUM", "HIGH"])

function findTopViolation(request: Json): string | undefined {
  const unknown = Object.keys(request).find((name) => !fields.has(name))
  if (unknown !== undefined) return unknownName(unknown)
  const config = objectOf(request.generationConfig)
  const other = Object.keys(config).find((name) => !configFields.has(name))
  if (other !== undefined) return unknownName(other, "generation_config")
  const { maxOutputTokens, thinkingConfig } = config
  if (
    maxOutputTokens !== undefined &&
    !(typeof maxOutputTokens === "number" && Number.isInteger(maxOutputTokens) && maxOutputTokens > 0)
  )
    return "Invalid value at 'generation_config.max_output_tokens'"
  const { includeThoughts: _, thinkingLevel, thinkingBudget, ...rest } = objectOf(thinkingConfig)
  const extra = Object.keys(rest)[0]
  if (extra !== undefined) return unknownName(extra, "generation_config.thinking_config")
  if (thinkingLevel !== undefined && thinkingBudget !== undefined)
    return "You can only set only one of thinking budget and thinking level."
  if (thinkingLevel !== undefined && !levels.has(textOf(thinkingLevel)))
    return "Invalid value at 'generation_config.thinking_config.thinking_level'"
  return undefined
}

function unknownName(name: string, at = ""): string {
  return `Invalid JSON payload received. Unknown name "${name}"${at ? ` at '${at}'` : ""}: Cannot find field.`
}

function findToolsViolation(tools: unknown): string | undefined {
  const names = new Set<string>()
  for (const { functionDeclarations } of listOf(tools)) {
    for (const [i, declaration] of listOf(functionDeclarations).entries()) {
      const { name, description: _, parametersJsonSchema, ...rest } = declaration
      const at = `tools[0].function_declarations[${i}]`
      const extra = Object.keys(rest)[0]
      if (extra !== undefined) return unknownName(extra, at)
      if (!/^[a-zA-Z_][\w.:-]{0,63}$/.test(textOf(name)))
        return `* GenerateContentRequest.${at}.name: Invalid function name.`
      if (names.has(textOf(name))) return `Duplicate function declaration found: ${textOf(name)}`
      names.add(textOf(name))
      if (objectOf(parametersJsonSchema).type !== "object")
        return `* GenerateContentRequest.${at}.parameters: schema must be of type OBJECT`
    }
  }
  return undefined
}

function findContentsViolation(contents: unknown): string | undefined {
  const all = listOf(contents)
  if (all.length === 0) return "* GenerateContentRequest.contents: contents is not specified"
  const turnStart = all.findLastIndex(
    ({ role, parts }) => role === "user" && listOf(parts).some((part) => !isObject(part.functionResponse)),
  )
  for (const [i, { role, parts }] of all.entries()) {
    const at = `contents[${i}]`
    const list = listOf(parts)
    if (role !== "user" && role !== "model") return "Please use a valid role: user, model."
    if (list.length === 0) return `* GenerateContentRequest.${at}.parts: contents.parts must not be empty.`
    if (i === 0 && role !== "user") return "Please ensure that multiturn requests begin with a user turn."
    if (role === objectOf(all[i - 1]).role)
      return "Please ensure that multiturn requests alternate between user and model."
    const problem =
      list.map((part, j) => findPartViolation(part, `${at}.parts[${j}]`)).find(Boolean) ??
      (role === "model"
        ? findSignatureViolation(list, i, i > turnStart)
        : findAnswersViolation(list, all[i - 1]))
    if (problem) return problem
  }
  return all.at(-1)?.role === "user"
    ? undefined
    : "Please ensure that multiturn requests end with a user turn."
}

const kinds = ["text", "inlineData", "functionCall", "functionResponse"]

function findPartViolation(part: Json, at: string): string | undefined {
  const given = kinds.filter((kind) => part[kind] !== undefined)
  const extra = Object.keys(part).find((name) => !kinds.includes(name) && name !== "thoughtSignature")
  if (extra !== undefined) return unknownName(extra, at)
  if (given.length !== 1)
    return `* GenerateContentRequest.${at}.data: required oneof field 'data' must have one initialized field`
  const { text, inlineData, functionCall, functionResponse } = part
  if (text !== undefined && textOf(text) === "")
    return `Unable to submit request because it must have a text parameter. (${at})`
  if (isObject(inlineData)) return findBlobViolation(inlineData, at)
  if (isObject(functionCall) && !isObject(functionCall.args))
    return `Invalid value at '${at}.function_call.args'`
  if (!isObject(functionResponse)) return undefined
  if (textOf(functionResponse.name) === "")
    return `* GenerateContentRequest.${at}.function_response.name: Name cannot be empty.`
  if (!isObject(functionResponse.response)) return `Invalid value at '${at}.function_response.response'`
  return listOf(functionResponse.parts)
    .map((one) => findBlobViolation(objectOf(one.inlineData), `${at}.function_response`))
    .find(Boolean)
}

function findBlobViolation({ mimeType, data }: Json, at: string): string | undefined {
  if (mimeType === "image/gif") return `Unsupported MIME type: image/gif (${at})`
  const problem = findBytesViolation(textOf(mimeType), textOf(data))
  return problem && `Unable to process input image. ${problem} (${at})`
}

/** In the turn that goes on, the first call of each step has to bear its signature. */
function findSignatureViolation(parts: readonly Json[], i: number, isCurrent: boolean): string | undefined {
  const first = parts.find(({ functionCall }) => isObject(functionCall))
  if (isCurrent && first && first.thoughtSignature === undefined)
    return `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`${textOf(objectOf(first.functionCall).name)}\`, position ${i}.`
  const wrong = parts.find(
    (part) =>
      part.thoughtSignature !== undefined &&
      part.thoughtSignature !== noSignature &&
      part.thoughtSignature !== signPart(part),
  )
  return wrong ? "Thought signature is not valid." : undefined
}

function findAnswersViolation(parts: readonly Json[], before: unknown): string | undefined {
  const calls = listOf(objectOf(before).parts).flatMap(({ functionCall }) =>
    isObject(functionCall) ? [functionCall] : [],
  )
  const answers = parts.flatMap(({ functionResponse }) =>
    isObject(functionResponse) ? [functionResponse] : [],
  )
  if (calls.length !== answers.length)
    return "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn."
  const stranger = answers.find(({ id, name }) => !calls.some((call) => call.id === id && call.name === name))
  return stranger ? `Function response ${textOf(stranger.name)} does not match any function call.` : undefined
}

function findSizeViolation(
  { contents, systemInstruction, tools }: Json,
  contextWindow: number,
): string | undefined {
  const tokens = estimateTokens(countChars([contents, systemInstruction, tools]))
  return tokens > contextWindow
    ? `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${contextWindow}).`
    : undefined
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
