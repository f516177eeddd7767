import { filled, type Kind } from './kind.ts';

/** A program on the hub's machine. */
export const stdio: Kind = {
  fields: ['command', 'args', 'env', 'cwd', 'account'],
  needs: { field: 'command', hint: 'is required for a stdio server: give the program to run, for example npx' },
  has: 'a stdio server has a command',
  words: ['stdio', 'local'],
  place: 'machine',
  isolation: 'user',
  // A process is code execution on the host.
  right: 'server.run-process',
  transport: () => 'stdio',
  launch: ({ command, args, env, cwd, childSecrets, ownUid }) => ({
    kind: 'stdio',
    command: command ?? '',
    args,
    env,
    cwd,
    ...(childSecrets && { hidden: childSecrets }),
    ownUid,
  }),
  config: ({ command, args, cwd, env }) => ({
    command,
    ...filled({ args }),
    ...(cwd !== null && { cwd }),
    ...filled({ env }),
  }),
};
