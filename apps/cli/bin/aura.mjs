#!/usr/bin/env node
// Runs the command line under the right Node, with everything installed. Plain JavaScript for old Nodes.
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { bootstrap, runCommand } from "../../../scripts/bootstrap.mjs"

const main = join(dirname(fileURLToPath(import.meta.url)), "..", "src", "main.ts")
runCommand("node", [main, ...process.argv.slice(2)], bootstrap())
