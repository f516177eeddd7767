export * from './access.ts';
export * from './calls.ts';
export * from './groups.ts';
export * from './servers.ts';
export * from './settings.ts';
export * from './stacks.ts';
export * from './tasks.ts';
export * from './versions.ts';
