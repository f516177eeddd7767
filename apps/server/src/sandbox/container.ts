import type { RunnableTool } from '@switchboard/core/generated-tools';
import type { ContainerLaunch } from '@switchboard/mcp-runtime/types';

/** Where the container finds the files of the tool. */
const folder = '/tool';
/** Nobody, whatever the image says. */
const user = '65534:65534';
const mb = 2 ** 20;
const limits = { cpus: 1, memoryBytes: 256 * mb, pids: 64 };

/** What runs a main file of each language. */
const programs = {
  python: ['python3', '-u'],
  node: ['node'],
} as const satisfies Record<RunnableTool['language'], readonly string[]>;

/** Images in which generated tools run, by what they are written in. */
export type ToolImages = Readonly<Record<RunnableTool['language'], string>>;

/** A container that has nothing but the files of the tool, to read, and reaches nothing but the hosts it was granted. */
export function toContainer(tool: RunnableTool, images: ToolImages): ContainerLaunch {
  const { language, main, files, hosts, enabledBy } = tool;
  const [program, ...options] = programs[language];
  return {
    kind: 'container',
    engine: null,
    // On the account of whoever enabled it, and never with more than anybody may.
    authority: { owner: enabledBy, unconfined: false },
    image: images[language],
    entrypoint: [program],
    command: [...options, `${folder}/${main}`],
    env: {},
    files: Object.fromEntries(files.map(({ path, text }) => [path, text])),
    transport: { kind: 'stdio' },
    network: hosts.length === 0 ? { kind: 'none' } : { kind: 'allow', hosts },
    limits,
    user,
    workingDir: folder,
    readOnly: true,
    pull: 'missing',
  };
}
