/** What tells one provider's API from another's, behind which the same screenplay is played. */
import type { IncomingHttpHeaders } from "node:http"
import type { Json } from "../json.ts"
import type { Judged } from "./validate.ts"

/** Into pieces of how many characters texts are cut, and whether tool inputs lose their last character. */
export type Cut = { pieceChars: number; isMalformed: boolean }

export type Dialect = {
  /** Where its list of models is. */
  modelsPath: string
  /** A request without a key is refused. */
  hasKey(headers: IncomingHttpHeaders): boolean
  /** The body of a request for a reply, as it is judged; undefined where such requests go elsewhere. */
  take(path: string, body: string): string | undefined
  /** The request in the form of the Messages API, or what is wrong with it. */
  read(body: string, betas: readonly string[], contextWindow: number | undefined): Judged
  /** The answer when it does not stream; given in the form of the Messages API, as below. */
  toBody(message: Json): Json
  toEvents(message: Json, cut: Cut): Json[]
  /** How an event goes over the wire. */
  toFrame(event: Json): string
  /** What a whole stream ends with. */
  ending: string
  toError(type: string, message: string, status: number): Json
  models(): Json
}
