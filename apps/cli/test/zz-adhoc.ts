import { parseScreenplay, startModelServer } from "@aura/claude"
import { crashPoints } from "@aura/engine"
import { openJob, play } from "./_job.ts"
const model = await startModelServer({ screenplay: parseScreenplay(JSON.stringify(play)), port: 0 })
const points = [...crashPoints]
async function worker() {
  for (let p = points.shift(); p; p = points.shift()) {
    for (const nth of p.startsWith("work.") || p.startsWith("check.") ? [1, 4] : [1]) {
      const job = openJob(model)
      const a = await job.start({ crashAt: `${p}:${nth}` }).ended
      const b = await job.start().ended
      const c = await job.start({ args: ["replay", "ws"] }).ended
      console.log(p, nth, a.signal, b.code, "replay", c.code, c.code === 0 ? c.stdout.match(/Note.*cut.*|tree \w+/g)?.join(" ") : c.stdout + c.stderr)
      job.close()
    }
  }
}
await Promise.all([worker(), worker()])
await model.close()
