import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { type EngineHost, formatEngineHost } from '../engine/host.ts';
import { codeFor, DockerError, inWords } from '../errors.ts';

export interface ComposeRunner {
  /** Runs `docker compose` with these words and gives its whole output. */
  capture(words: readonly string[], options: RunOptions): Promise<string>;
  /** The same, line by line as it comes; throws at its end where it failed. */
  stream(words: readonly string[], options: RunOptions): AsyncGenerator<string>;
}

export interface RunOptions {
  folder: string;
  /** Written to its input. */
  input?: string;
  /** Variables for this run, beside those that Compose itself needs. */
  environment?: Readonly<Record<string, string>> | undefined;
  signal?: AbortSignal | undefined;
  /** Applied to every line before anybody sees it. */
  mask?: ((text: string) => string) | undefined;
}

export interface ComposeOptions {
  /** Docker's client, looked for in `path`; default Compose itself, and `docker` where that is in no folder of plugins. */
  program?: string;
  path?: string;
  /** The folder of the client's plugins and registry logins; default `~/.docker`. */
  configFolder?: string;
  /** PEM files of a TLS engine: `ca.pem`, `cert.pem`, `key.pem`. */
  certFolder?: string;
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** The folders of the client's plugins besides its own. */
const pluginFolders = ['/usr/local/lib', '/usr/local/libexec', '/usr/lib', '/usr/libexec'].map((folder) =>
  join(folder, 'docker/cli-plugins'),
);
/** The most characters of a failed run's output that are shown. */
const toldChars = 4_000;
const maxOutput = 16 * 1024 * 1024;

/** By way of the client, which starts every plugin to ask for its name, a run takes twice the CPU of the plugin alone. */
function findPlugin(configFolder: string): string | undefined {
  const files = [join(configFolder, 'cli-plugins'), ...pluginFolders].map((folder) => join(folder, 'docker-compose'));
  return files.find((file) => existsSync(file));
}

/** Runs the real `docker compose`, with words and never a shell line, and with nothing of the hub's environment. */
export function createComposeRunner(host: EngineHost, options: ComposeOptions = {}): ComposeRunner {
  const { program, path = defaultPath, configFolder = join(homedir(), '.docker'), certFolder } = options;
  // Compose puts what is here into stacks that ask for it: `${HOME}` is empty unless ssh needs it.
  const env = {
    PATH: path,
    DOCKER_CONFIG: configFolder,
    DOCKER_HOST: formatEngineHost(host),
    ...(host.kind === 'ssh' ? { HOME: homedir() } : {}),
    ...(certFolder === undefined ? {} : { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certFolder }),
  };
  function common({ folder, input = '', environment, signal }: RunOptions) {
    return {
      cwd: folder,
      env: { ...environment, ...env },
      extendEnv: false,
      input,
      reject: false,
      forceKillAfterDelay: 10_000,
      maxBuffer: maxOutput,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    } satisfies Options;
  }

  function start<const More extends Options>(words: readonly string[], more: More) {
    const plugin = program === undefined ? findPlugin(configFolder) : undefined;
    return plugin === undefined ? execa(program ?? 'docker', ['compose', ...words], more) : execa(plugin, words, more);
  }

  return {
    capture: async (words, run) => {
      const mask = run.mask ?? ((text: string) => text);
      const ended = await start(words, common(run));
      if (ended.failed) throw failure(ended, mask(ended.stderr));
      return ended.stdout;
    },
    stream: async function* (words, run) {
      const mask = run.mask ?? ((text: string) => text);
      const child = start(words, { ...common(run), all: true, buffer: false });
      let told = '';
      try {
        for await (const line of child.iterable({ from: 'all' })) {
          const text = mask(line);
          told = `${told}${text}\n`.slice(-toldChars);
          yield text;
        }
        const ended = await child;
        if (ended.failed) throw failure(ended, told);
      } finally {
        // A reader that leaves ends the run.
        child.kill();
        await child;
      }
    },
  };
}

interface Ended {
  isCanceled: boolean;
  code?: string | undefined;
  shortMessage?: string | undefined;
}

function failure(ended: Ended, said: string): DockerError {
  if (ended.isCanceled) return new DockerError('cancelled', 'The run of Compose was given up.');
  if (ended.code === 'ENOENT')
    return new DockerError(
      'unreachable',
      'Compose is not installed: the `docker` client and its compose plugin are needed.',
    );
  const words = reasonIn(said);
  if (/is not a docker command|unknown (?:shorthand )?(?:flag|command).*compose/i.test(words)) {
    return new DockerError('unreachable', 'Compose is not installed: the `docker` client has no compose plugin.');
  }
  // Quoted parts are names and values of the stack, and may contain any text.
  const plain = words.replaceAll(/"[^"\n]*"/g, '""');
  const isAway = /cannot connect to the docker daemon|error during connect/i.test(plain);
  const message = words === '' ? (ended.shortMessage ?? 'Compose failed.') : words;
  return new DockerError(isAway ? 'unreachable' : codeFor(null, plain), inWords(message));
}

/**
 * The reason why Compose failed, without its progress and warnings, each line once. Lines of progress begin with one
 * space, whatever names they contain.
 */
export function reasonIn(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '' && !/^time="[^"]*" level=(?:warning|info) /.test(line));
  const reasons = lines.filter((line) => !/^ \S/.test(line));
  const told = new Set((reasons.length === 0 ? lines : reasons).map((line) => line.trimEnd()));
  return [...told].join('\n').trim().slice(-toldChars);
}
