#!/usr/bin/env -S node --
// "--" above: Node looks for its own --env-file among all arguments before it, and would apply NODE_OPTIONS of that file.
// Runs the command line under the right Node, with everything installed. Plain JavaScript for old Nodes.
import { bootstrap, runAura } from "../../../scripts/bootstrap.mjs"

runAura(process.argv.slice(2), bootstrap())
