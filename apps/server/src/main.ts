import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDomainError, messageOf } from '@switchboard/core';
import { createHubLog } from '@switchboard/core/logs';
import { failSpeaking } from '@switchboard/mcp-runtime';
import { answerFlags, tell } from '../../../scripts/lib/flags.mjs';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { createLogger } from './log.ts';
import { keepServing } from './process/last-resort.ts';
import { type RunningServer, startServer } from './server.ts';
import type { FirstAdmin } from './wiring/domain.ts';
import { hub } from './wiring/hub.ts';

/** A generated password is kept in a private file, and shown only where a person is looking. */
function tellFirstAdmin(config: Config, { username, generatedPassword }: FirstAdmin): void {
  if (generatedPassword === null) return;
  const file = path.join(config.dataDir, 'admin-password');
  writeFileSync(file, `${generatedPassword}\n`, { mode: 0o600 });
  const shown = process.stdout.isTTY
    ? `the password ${generatedPassword} (also in ${file})`
    : `the password in ${file}`;
  console.log(`Sign in as ${username} with ${shown}.`);
}

/** A terminal, npm and the launcher all pass a Ctrl-C on: what comes again so soon is the same one. */
const sameSignalMs = 500;

async function main(): Promise<void> {
  const config = loadConfig();
  const hubLog = createHubLog();
  const log = createLogger(config, hubLog.write);
  process.on('unhandledRejection', (error) => log.error({ error }, 'A promise was rejected and nobody listened'));
  let starting: Promise<RunningServer> | null = null;
  let stoppingSince: number | null = null;
  function stop(by: string) {
    if (stoppingSince !== null) {
      if (performance.now() - stoppingSince > sameSignalMs) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    log.info({ by }, 'Stopping');
    // A start that fails ends the process below.
    void starting?.then((server) => server.stop()).then(() => process.exit(0));
  }
  // Before the start: making a database takes a while, and must not be left half done.
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  starting = startServer({
    config,
    log,
    hubLog,
    onFirstAdmin: (admin) => tellFirstAdmin(config, admin),
    onShutdown() {
      // Asking twice is no second signal.
      if (stoppingSince === null) stop('an admin over HTTP');
    },
  });
  const server = await starting;
  keepServing(log, failSpeaking);
  if (stoppingSince === null) console.log(`Switchboard ${hub.version} is at ${config.publicUrl ?? server.url}/ui/`);
}

try {
  const answer = answerFlags(process.argv.slice(2), hub.version);
  if (answer) tell(answer);
  else await main();
} catch (error) {
  const expected = error instanceof ConfigError || isDomainError(error);
  console.error(expected || !(error instanceof Error) ? messageOf(error) : error.stack);
  process.exit(1);
}
