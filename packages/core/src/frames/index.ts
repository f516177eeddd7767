export { showApp, showHtml, takeFrame } from './verbs.ts';
