/** npm run bench: the figures the README quotes; medians of five, one table. */

import { benchCockpit } from "./cockpit.ts"
import { benchContext } from "./context.ts"
import { benchDesktop } from "./desktop.ts"
import { benchHistory } from "./history.ts"
import type { Figure } from "./measure.ts"
import { benchProof } from "./proof.ts"
import { benchSandbox } from "./sandbox.ts"
import { benchScreen } from "./screen.ts"
import { benchServer } from "./server.ts"
import { benchSnapshots } from "./snapshots.ts"
import { benchTurns } from "./turns.ts"

const runs = Number(process.env.AURA_BENCH_RUNS ?? 5)
const wanted = process.argv[2]
const groups: Record<string, () => Promise<Figure[]>> = {
  turns: () => benchTurns(runs),
  model: () => benchContext(),
  server: () => benchServer(runs),
  screen: () => benchScreen(runs),
  cockpit: () => benchCockpit(runs),
  desktop: () => benchDesktop(runs),
  proof: () => benchProof(runs),
  sandbox: () => benchSandbox(runs),
  history: () => benchHistory(runs),
  snapshots: () => benchSnapshots(runs),
}

for (const [name, bench] of Object.entries(groups)) {
  if (wanted !== undefined && wanted !== name) continue
  console.log(`\n${name}: medians of ${runs}`)
  for (const figure of await bench()) {
    const more = [figure.goal ? `goal ${figure.goal}` : "", figure.beside ?? ""].filter(Boolean).join("; ")
    console.log(
      `  ${figure.name.padEnd(52)} ${String(figure.value).padStart(8)} ${figure.unit.padEnd(4)} ${more}`,
    )
  }
}
