import type { RunnableTool } from '@switchboard/core/generated-tools';
import type { ContainerLaunch } from '@switchboard/mcp-runtime/types';

/** The folder in the container with the files of the tool. */
const folder = '/tool';
/** The user `nobody`, whatever the image says. */
const user = '65534:65534';
const mb = 2 ** 20;
const limits = { cpus: 1, memoryBytes: 256 * mb, pids: 64 };

/** The program for a main file of each language. */
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
    // On the account of the person who enabled it, and never unconfined.
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
