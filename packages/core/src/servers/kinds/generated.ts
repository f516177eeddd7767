import type { Kind } from './kind.ts';

/** A server that a model wrote: it is registered with its files, and runs where nothing but them is (`core/generated-tools`). */
export const generated: Kind = {
  // Without an engine it is a program inside of Deno.
  fields: ['account'],
  needs: null,
  has: 'a generated tool is registered with its files, and is made in no other way',
  words: [],
  place: 'hub',
  isolation: 'user',
  // Asked when it is enabled: until then it is text.
  right: null,
  transport: () => 'stdio',
  launch: ({ reviewed, ownUid }) => ({ kind: 'generated', reviewed, ownUid }),
  config: null,
};
