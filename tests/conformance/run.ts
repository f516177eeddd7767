import { parseArgs } from 'node:util';
import { startReference } from './server/http.ts';
import { runSuite, type SpecVersion } from './suite.ts';

const usage = `Runs the official MCP conformance suite against a server.

  node tests/conformance/run.ts                       the reference server itself, both versions
  node tests/conformance/run.ts --url URL [options]
    --auth "Bearer …"       credentials to send
    --prefix slug__         the endpoint puts this before tool and prompt names
    --spec 2026-07-28       one version (2025-06-18, 2025-11-25, 2026-07-28); default: the last two
    --scenario NAME         one scenario
    --output DIR            keep the runner's files
    --timeout MS            for each scenario, default 10000
    --verbose               print what the runner prints
`;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    auth: { type: 'string' },
    prefix: { type: 'string' },
    spec: { type: 'string' },
    scenario: { type: 'string' },
    output: { type: 'string' },
    timeout: { type: 'string', default: '10000' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}

const reference = values.url === undefined ? await startReference() : null;
const versions = values.spec === undefined ? ['2025-11-25', '2026-07-28'] : [values.spec];
let failed = 0;
for (const spec of versions) {
  const result = await runSuite({
    target: values.url ?? reference?.url ?? '',
    spec: spec as SpecVersion,
    scenarioTimeoutMs: Number(values.timeout),
    ...(values.auth !== undefined && { authorization: values.auth }),
    ...(values.prefix !== undefined && { prefix: values.prefix }),
    ...(values.scenario !== undefined && { scenario: values.scenario }),
    ...(values.output !== undefined && { output: values.output }),
  });
  if (values.verbose) process.stdout.write(result.output);
  const bad = result.scenarios.filter((scenario) => scenario.problems.length > 0);
  failed += bad.length;
  const good = result.scenarios.length - bad.length;
  process.stdout.write(`${spec}: ${good} of ${result.scenarios.length} scenarios, ${result.seconds.toFixed(1)} s\n`);
  for (const { name, problems } of bad) process.stdout.write(`  ${name}\n    ${problems.join('\n    ')}\n`);
}
await reference?.close();
process.exitCode = failed === 0 ? 0 : 1;
