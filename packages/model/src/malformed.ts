/**
 * Key of a tool call's input when the model wrote no valid JSON object: the input is then
 * `{ [malformedInput]: what it wrote }`, so that the caller can answer with an error the model can read.
 */
export const malformedInput = "__malformed"
