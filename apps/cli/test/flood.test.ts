import { createServer, type ServerResponse } from "node:http"
import { expect, it, onTestFinished } from "vitest"
import { runArgs, setUp } from "./_processes.ts"

const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
const begin =
  event("message_start", {
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-opus-5-5",
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    },
  }) + event("content_block_start", { index: 0, content_block: { type: "text", text: "" } })
const delta = event("content_block_delta", {
  index: 0,
  delta: { type: "text_delta", text: "x".repeat(2000) },
})

/** Writes as fast as the other side reads. */
function flood(response: ServerResponse, piece: string): void {
  const more = () => {
    while (!response.destroyed && response.write(piece));
  }
  response.on("drain", more)
  more()
}

it.each([
  ["small events without end", delta],
  ["one line without end", "x".repeat(65_536)],
])("Ctrl-C ends a run while the provider sends %s", async (_, piece) => {
  const asked = Promise.withResolvers<void>()
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" })
    response.write(begin)
    if (piece !== delta) response.write("event: content_block_delta\ndata: ")
    flood(response, piece)
    asked.resolve()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === "object" ? address?.port : 0
  const aura = await setUp()
  const run = aura.startWith({ ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` }, ...runArgs)
  await asked.promise
  run.child.kill("SIGINT")
  expect((await run.ended).code).toBe(130)
})
