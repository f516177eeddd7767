export { currentFigures, figuresOf, readSeries, type SeriesFigures } from './series/figures.ts';
export { health, overview, statistics, systemStatus } from './verbs.ts';
