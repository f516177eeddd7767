import { parseArgs } from 'node:util';
import type { Eras } from './scripted-v2.ts';

/** `node main.ts --sdk v1|modern|legacy|dual [--name N] [--http [--port N]]`: one scripted server as a program. */
const { values } = parseArgs({
  options: {
    sdk: { type: 'string', default: 'v1' },
    name: { type: 'string', default: 'scripted' },
    http: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    fillers: { type: 'string', default: '0' },
  },
});

const { sdk, name } = values;
const port = Number(values.port);
const fillers = Number(values.fillers);
// Only the SDK that is asked for is loaded: tests start this hundreds of times.
if (sdk === 'v1') {
  const { serveV1Http, serveV1Stdio } = await import('./scripted-v1.ts');
  if (values.http) process.stdout.write(`${(await serveV1Http(name, { port, fillers })).url}\n`);
  else await serveV1Stdio(name, fillers);
} else {
  const { serveV2Http, serveV2Stdio } = await import('./scripted-v2.ts');
  if (values.http) process.stdout.write(`${(await serveV2Http(name, sdk as Eras, port)).url}\n`);
  else serveV2Stdio(name, sdk as Eras);
}
