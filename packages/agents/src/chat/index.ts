export { compactBrutally, compactPrecisely, type Compacted, type CompactStatistics } from './compact.ts';
export { charactersAToken, charactersOf, estimateTokens } from './estimate.ts';
export { historyOf, type HistoryInput, type Round } from './history.ts';
export { runLoop } from './loop.ts';
export { createTagScanner, type TagEvent, type TagScanner } from './tags.ts';
export { titleIn, titlePrompt, type Title } from './title.ts';
export type * from './types.ts';
