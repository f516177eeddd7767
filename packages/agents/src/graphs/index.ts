export type * from './types.ts';
export { graphConfig } from './schema.ts';
export { referencesOf, renameSubgraph } from './references.ts';
export { withLevels } from './levels.ts';
export { checkGraph } from './check.ts';
