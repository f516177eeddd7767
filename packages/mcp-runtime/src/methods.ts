/** Methods the hub itself answers where they exist; never a server's. */
export const hubsOwn: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'subscriptions/listen',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
]);

/** Methods the hub routes by what they name. */
export const routed: ReadonlySet<string> = new Set([
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'completion/complete',
]);

/** The methods about tasks that calls made; any other under `tasks/` is unknown. */
export const ofTasks: ReadonlySet<string> = new Set([
  'tasks/get',
  'tasks/result',
  'tasks/list',
  'tasks/update',
  'tasks/cancel',
]);

/** Every method that clients may know; a client may send any other text as one. */
export const knownMethods: ReadonlySet<string> = new Set([...hubsOwn, ...routed, ...ofTasks]);
