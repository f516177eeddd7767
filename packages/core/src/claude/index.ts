export { askClaude, askClaudeLater, getClaudeConfig, getClaudeRequest } from './verbs.ts';
