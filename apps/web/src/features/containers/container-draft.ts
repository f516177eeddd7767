import type { Inputs } from '../../lib/trpc.ts';
import { fromPairs, type Pair } from '../../ui/form/pairs-editor.tsx';

export interface LimitDraft {
  cpus: string;
  memoryMb: string;
  pids: string;
}

/** What the form of a new container holds. */
export interface ContainerDraft {
  image: string;
  name: string;
  command: string;
  ports: Pair[];
  volumes: Pair[];
  environment: Pair[];
  labels: Pair[];
  network: string;
  restart: string;
  limits: LimitDraft;
  workingDir: string;
  user: string;
  pull: 'missing' | 'always' | 'never';
  start: boolean;
  privileged: boolean;
  capAdd: string;
}

export const emptyDraft: ContainerDraft = {
  image: '',
  name: '',
  command: '',
  ports: [],
  volumes: [],
  environment: [],
  labels: [],
  network: '',
  restart: 'no',
  limits: { cpus: '', memoryMb: '', pids: '' },
  workingDir: '',
  user: '',
  pull: 'missing',
  start: true,
  privileged: false,
  capAdd: '',
};

type Create = Inputs['containers']['create'];
type Many = Record<string, string | string[]>;

/** The same name twice becomes a list. */
function gathered(pairs: readonly { name: string; value: string }[]): Many {
  const all: Many = {};
  for (const { name, value } of pairs) {
    const before = all[name];
    all[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return all;
}

function isGiven({ name, value }: Pair) {
  return name.trim() !== '' || value.trim() !== '';
}

/** On the page as everywhere: host first. The engine is told the container's port first. */
function portsOf(pairs: readonly Pair[]): Many {
  return gathered(
    pairs.filter(isGiven).map(({ name, value }) => ({
      name: value.trim().includes('/') ? value.trim() : `${value.trim()}/tcp`,
      value: name.trim(),
    })),
  );
}

function volumesOf(pairs: readonly Pair[]): Many {
  return gathered(pairs.filter(isGiven).map(({ name, value }) => ({ name: name.trim(), value: value.trim() })));
}

function numberOf(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}

export function limitsOf({ cpus, memoryMb, pids }: LimitDraft): NonNullable<Create['limits']> {
  const [processors, memory, processes] = [cpus, memoryMb, pids].map(numberOf);
  return {
    ...(processors === undefined ? {} : { cpus: processors }),
    ...(memory === undefined ? {} : { memoryBytes: Math.round(memory * 1024 ** 2) }),
    ...(processes === undefined ? {} : { pids: processes }),
  };
}

/** Only what was filled in: the rest is as the image says. */
export function toCreate(draft: ContainerDraft, engine: string | undefined): Create {
  function words(text: string) {
    return text.trim() === '' ? undefined : text.trim();
  }
  function some<T extends object>(record: T) {
    return Object.keys(record).length === 0 ? undefined : record;
  }
  const given = {
    name: words(draft.name),
    command: words(draft.command),
    ports: some(portsOf(draft.ports)),
    volumes: some(volumesOf(draft.volumes)),
    environment: some(fromPairs(draft.environment)),
    labels: some(fromPairs(draft.labels)),
    network: words(draft.network),
    restart: draft.restart === 'no' ? undefined : draft.restart,
    limits: some(limitsOf(draft.limits)),
    workingDir: words(draft.workingDir),
    user: words(draft.user),
    privileged: draft.privileged || undefined,
    capAdd: words(draft.capAdd)?.split(/[\s,]+/),
  };
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...(filled as Partial<Create>), engine, image: draft.image.trim(), pull: draft.pull, start: draft.start };
}
