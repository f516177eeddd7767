export { currentFigures, figuresOf, readSeries, type SeriesFigures } from './series/figures.ts';
export { hubHealth, readCurrent, serversHealth } from './hub-health.ts';
export { readMetrics } from './metrics.ts';
export { readTop } from './top.ts';
export { readTrends } from './trends.ts';
export { health, overview, statistics, systemStatus } from './verbs.ts';
