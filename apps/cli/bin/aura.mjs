#!/usr/bin/env node
// Runs the command line under the right Node, with everything installed. Plain JavaScript for old Nodes.
import { bootstrap, runAura } from "../../../scripts/bootstrap.mjs"

runAura(process.argv.slice(2), bootstrap())
