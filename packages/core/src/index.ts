export type { Ctx, Deps } from './context.ts';
export type { Clock, Log, Policy } from './ports.ts';
export type { Actor } from './actor.ts';
export { keyIdOf, personOf, userIdOf } from './actor.ts';
export {
  DomainError,
  domainErrorCodes,
  invalidField,
  isDomainError,
  messageOf,
  type DomainErrorCode,
  type ErrorDetails,
  type FieldProblem,
} from './errors.ts';
export { fromDatabase, isDatabaseAway } from './database-away.ts';
export { createEventBus, type DomainEvent, type EventBus } from './events.ts';
export { parseInput, verb, type Verb, type VerbCtx, type VerbSpec } from './verb.ts';
export { createSecrets, randomToken, sha256, type Secrets } from './secrets.ts';
export { isReserved, reservedNames } from './reserved-names.ts';
export { isSlug, slugify, slugPattern } from './slug.ts';
export { createCore, type Core } from './core.ts';
export type { CoreOptions } from './core-parts.ts';
export type { CallbackPost, Callbacks } from './callbacks.ts';
export type { Listen } from './replicas.ts';
export { allServers } from './selection.ts';
export { changedBy, type ChangeNotice } from './live.ts';
export { liveRuleOf, liveRules } from './live-rules.ts';
