/** The live rules of each entity. */
export * from './alerts/live.ts';
export * from './apps/live.ts';
export * from './configuration/live.ts';
export * from './conversations/live.ts';
export * from './graphs/live.ts';
export * from './groups/live.ts';
export * from './keys/live.ts';
export * from './models/live.ts';
export * from './oauth/live.ts';
export * from './servers/live.ts';
export * from './sign-ins/live.ts';
export * from './slots/live.ts';
export * from './stacks/live.ts';
export * from './users/live.ts';
