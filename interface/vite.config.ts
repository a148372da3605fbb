/** Builds the interface to `dist` and, in development, hands `/api` and `/ws` to the server. */
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { brotliCompressSync, gzipSync } from "node:zlib"
import tailwindcss from "@tailwindcss/vite"
import react from "@vitejs/plugin-react"
import { defineConfig, type Plugin, type ProxyOptions } from "vite"

const port = Number(process.env.AURA_FRONTEND_PORT || 5173)
const server = `http://127.0.0.1:${process.env.AURA_SERVER_PORT || 3100}`
const hosts = ["localhost", "127.0.0.1", process.env.AURA_FRONTEND_HOST, process.env.AURA_PUBLIC_HOST]
const ownOrigins = hosts.filter((host) => host).map((host) => `http://${host}:${port}`)

/** What every page needs, in one file: it compresses better than in ten and stays cached between releases. */
const always =
  /node_modules\/(react|react-dom|scheduler|use-sync-external-store|zustand|@tanstack\/(?!.*virtual)[^/]+)\//

/** The server answers its own pages only: to it the development page is one of them, any other stays foreign. */
const proxy: ProxyOptions = {
  target: server,
  changeOrigin: true,
  configure: (through) => {
    through.on("proxyReq", passAsOwn)
    through.on("proxyReqWs", passAsOwn)
  },
}

type Outgoing = { setHeader(name: string, value: string): unknown }
type Incoming = { headers: { origin?: string | undefined } }

function passAsOwn(outgoing: Outgoing, incoming: Incoming): void {
  if (ownOrigins.includes(incoming.headers.origin ?? "")) outgoing.setHeader("origin", server)
}

/** What markdown's parts take in a browser reads entities through `innerHTML`, which trusted types refuse. */
const entities = new URL("../node_modules/decode-named-character-reference/index.js", import.meta.url)

/** Puts compressed copies beside the files, which the server sends to whoever takes them. */
const compress: Plugin = {
  name: "compress",
  apply: "build",
  async writeBundle({ dir = "dist" }, bundle) {
    for (const name of Object.keys(bundle).filter((file) => /\.(js|css|svg|json)$/.test(file))) {
      const bytes = await readFile(join(dir, name))
      if (bytes.length < 1024) continue
      await writeFile(join(dir, `${name}.br`), brotliCompressSync(bytes))
      await writeFile(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }))
    }
  },
}

export default defineConfig({
  plugins: [react(), tailwindcss(), compress],
  resolve: { alias: { "decode-named-character-reference": fileURLToPath(entities) } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    cssTarget: ["chrome123", "safari17.5", "firefox121"],
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 560,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "base", test: always }] } },
    },
  },
  server: {
    port,
    strictPort: true,
    proxy: { "/api": proxy, "/ws": { ...proxy, ws: true } },
  },
})
