/** For the crash tests alone: `AURA_CRASH_AT=point:n` kills this process the nth time it passes a point. */
export function createMark(order = process.env.AURA_CRASH_AT): { mark: (point: string) => void } | undefined {
  if (!order) return undefined
  const [point, count] = order.split(":")
  let left = Number(count ?? 1)
  return {
    mark(passed) {
      if (passed === point && --left === 0) process.kill(process.pid, "SIGKILL")
    },
  }
}
