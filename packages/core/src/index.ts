export type { Actor, Clock, Ctx, Deps, Log, Policy } from './context.ts';
export { credentialOf, userIdOf } from './context.ts';
export {
  DomainError,
  domainErrorCodes,
  isDomainError,
  messageOf,
  type DomainErrorCode,
  type ErrorDetails,
  type FieldProblem,
} from './errors.ts';
export { createEventBus, type DomainEvent, type EventBus } from './events.ts';
export { parseInput, verb, type Verb, type VerbCtx, type VerbSpec } from './verb.ts';
export { actions, decide, may, type Action, type Decision, type Resource } from './access/decide.ts';
export { createSecrets, randomToken, sha256, type Secrets } from './secrets.ts';
export { isReserved, reservedNames } from './reserved-names.ts';
export { isSlug, slugify, slugPattern } from './slug.ts';
