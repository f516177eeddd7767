import { kinds } from './kinds/table.ts';
import { ContainerSettings, type ContainerInput, type CreateServer } from './schema.ts';

/** Options without an effect here: the hub does the same by itself, or in its own way. */
const ignored =
  /^(?:-i|-t|-it|-ti|--interactive|--tty|--rm|--init|--attach|-a|--name|--hostname|-h|--label|-l|--log-driver|--security-opt|--cap-drop|--restart)$/;
const ignoredWithValue =
  /^(?:--attach|-a|--name|--hostname|-h|--label|-l|--log-driver|--security-opt|--cap-drop|--restart)$/;

interface Reading {
  settings: ContainerInput;
  env: Record<string, string>;
  cwd: string | null;
}

const sizes: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

function bytesOf(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([bkmg])?b?$/i.exec(text);
  return match ? Math.round(Number(match[1]) * (sizes[(match[2] ?? 'b').toLowerCase()] ?? 1)) : null;
}

/** Each option that the hub can do itself; false where its value cannot be read. */
const options: Readonly<
  Record<string, (reading: Reading, value: string, outer: Readonly<Record<string, string>>) => boolean>
> = {
  env({ env }, value, outer) {
    const [name = '', ...rest] = value.split('=');
    const given = value.includes('=') ? rest.join('=') : Object.hasOwn(outer, name) ? outer[name] : `\${${name}}`;
    env[name] = given ?? '';
    return name !== '';
  },
  volume({ settings }, value) {
    const [source = '', ...target] = value.split(':');
    settings.volumes = { ...settings.volumes, [source]: target.join(':') };
    return source !== '' && target.length > 0;
  },
  mount(reading, value) {
    const parts = new Map(
      value.split(',').map((part) => [part.split('=')[0] ?? '', part.split('=').slice(1).join('=')]),
    );
    const type = parts.get('type') ?? 'volume';
    const source = parts.get('source') ?? parts.get('src');
    const target = parts.get('target') ?? parts.get('dst') ?? parts.get('destination');
    if (source === undefined || target === undefined || (type !== 'bind' && type !== 'volume')) return false;
    const mode = parts.has('readonly') || parts.has('ro') ? ':ro' : '';
    reading.settings.volumes = { ...reading.settings.volumes, [source]: `${target}${mode}` };
    return true;
  },
  workdir(reading, value) {
    reading.cwd = value;
    return true;
  },
  user({ settings }, value) {
    settings.user = value;
    return true;
  },
  network({ settings }, value) {
    const named = value === 'bridge' || value === 'default' ? null : value;
    settings.network =
      named === null ? { kind: 'open' } : named === 'none' ? { kind: 'none' } : { kind: 'named', name: named };
    return true;
  },
  entrypoint({ settings }, value) {
    settings.entrypoint = [value];
    return true;
  },
  memory({ settings }, value) {
    const memoryBytes = bytesOf(value);
    if (memoryBytes !== null) settings.limits = { ...settings.limits, memoryBytes };
    return memoryBytes !== null;
  },
  cpus({ settings }, value) {
    settings.limits = { ...settings.limits, cpus: Number(value) };
    return Number(value) > 0;
  },
  'pids-limit'({ settings }, value) {
    settings.limits = { ...settings.limits, pids: Number(value) };
    return Number(value) > 0;
  },
  pull({ settings }, value) {
    if (value !== 'always' && value !== 'missing' && value !== 'never') return false;
    settings.pull = value;
    return true;
  },
};
const short: Readonly<Record<string, string>> = {
  '-e': 'env',
  '-v': 'volume',
  '-w': 'workdir',
  '-u': 'user',
  '-m': 'memory',
  '--net': 'network',
};

/**
 * The container server that a client's `docker run -i --rm image …` means; null where it is no such call, or asks for
 * something that the hub's containers do not have.
 */
export function readDockerRun(draft: CreateServer): CreateServer | null {
  const { command, args = [], env: outer = {}, kind, cwd: _cwd, ...rest } = draft;
  if (kinds[kind].place !== 'machine' || !/^(?:.*\/)?(?:docker|podman)(?:\.exe)?$/.test(command ?? '')) return null;
  const words = args[0] === 'container' ? args.slice(1) : args;
  if (words[0] !== 'run') return null;
  const reading: Reading = { settings: { image: '', network: { kind: 'open' } }, env: {}, cwd: null };
  const image = readOptions(words, reading, outer);
  if (image === null) return null;
  const container = ContainerSettings.safeParse({ ...reading.settings, image: words[image] });
  if (!container.success) return null;
  const { env, cwd } = reading;
  return {
    ...rest,
    kind: 'container',
    command: null,
    args: words.slice(image + 1),
    env,
    container: container.data,
    ...(cwd !== null && { cwd }),
  };
}

/** The position of the image; null where an option before it is not supported. */
function readOptions(
  words: readonly string[],
  reading: Reading,
  outer: Readonly<Record<string, string>>,
): number | null {
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) return at;
    const [flag = '', ...inline] = word.startsWith('--') ? word.split('=') : [word];
    if (ignored.test(flag)) {
      if (ignoredWithValue.test(flag) && inline.length === 0) at += 1;
      continue;
    }
    if (flag === '--read-only') {
      reading.settings.readOnly = true;
      continue;
    }
    const name = short[flag] ?? flag.slice(2);
    const read = flag.startsWith('-') && Object.hasOwn(options, name) ? options[name] : undefined;
    if (!read) return null;
    if (inline.length === 0) at += 1;
    const value = inline.length > 0 ? inline.join('=') : words[at];
    if (value === undefined || !read(reading, value, outer)) return null;
  }
  return null;
}
