/** What can be called at a server. */
export const methods = ['tools/call', 'prompts/get', 'resources/read'] as const;
export type Method = (typeof methods)[number];
