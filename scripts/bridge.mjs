#!/usr/bin/env node
// For MCP clients that only speak stdio: runs the bridge on the project's Node.js, whatever runs this file.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectEnv, projectNode, root, runForeground } from './lib/tools.mjs';

const bridge = path.join(root, 'apps/server/dist/bridge.js');
if (existsSync(bridge)) {
  process.exitCode = await runForeground(projectNode, [bridge, ...process.argv.slice(2)], { env: projectEnv() });
} else {
  console.error('The bridge is not built yet: run npm start in this directory once.');
  process.exitCode = 1;
}
