export { shutDown } from './verbs.ts';
