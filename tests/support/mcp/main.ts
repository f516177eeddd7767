import { parseArgs } from 'node:util';
import { serveV1Http, serveV1Stdio } from './scripted-v1.ts';
import { type Eras, serveV2Http, serveV2Stdio } from './scripted-v2.ts';

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
if (values.http) {
  const port = Number(values.port);
  const running =
    sdk === 'v1'
      ? await serveV1Http(name, { port, fillers: Number(values.fillers) })
      : await serveV2Http(name, sdk as Eras, port);
  process.stdout.write(`${running.url}\n`);
} else if (sdk === 'v1') {
  await serveV1Stdio(name, Number(values.fillers));
} else {
  serveV2Stdio(name, sdk as Eras);
}
