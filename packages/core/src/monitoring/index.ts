export { health, overview, statistics, systemStatus } from './verbs.ts';
