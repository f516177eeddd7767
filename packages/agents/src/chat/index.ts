export type * from './types.ts';
export { charactersAToken, charactersOf, estimateTokens } from './estimate.ts';
export { compactBrutally, compactPrecisely, type Compacted, type CompactStatistics } from './compact.ts';
export { createAccumulator } from '../providers/accumulate.ts';
export { createTagScanner, type TagEvent, type TagScanner } from './tags.ts';
export { historyOf, type HistoryInput, type Round } from './history.ts';
export { nameTools } from '../providers/tool-names.ts';
export { runLoop } from './loop.ts';
export { titleIn, titlePrompt, type Title } from './title.ts';
