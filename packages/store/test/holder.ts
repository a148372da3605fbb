/** A program that opens a store, says so, and holds it until it is killed. Argument: the folder. */
import { openStore } from "../src/rocks.ts"

await openStore(process.argv[2] ?? "", { now: Date.now })
console.log("open")
setInterval(() => {}, 1 << 30)
