// Loaded before a program: measures how late its event loop is, between one SIGUSR2 and the next.
import { writeFileSync } from "node:fs"
import { monitorEventLoopDelay } from "node:perf_hooks"

const resolution = 5
const delay = monitorEventLoopDelay({ resolution })
let isOn = false
process.on("SIGUSR2", () => {
  if (isOn) {
    delay.disable()
    // What is measured is from one tick of a timer to the next.
    const late = (percent) => Math.max(0, delay.percentile(percent) / 1e6 - resolution)
    writeFileSync(process.env.AURA_BENCH_DELAY, JSON.stringify({ p50: late(50), p99: late(99) }))
  } else delay.enable()
  isOn = !isOn
})
