export { askClaude, getClaudeConfig } from './verbs.ts';
