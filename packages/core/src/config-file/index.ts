export { applyFile, exportFile, planFile } from './verbs.ts';
