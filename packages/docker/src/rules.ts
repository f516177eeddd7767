/** The decisions about containers and stacks from text and settings alone: no engine is asked. */
export { declaredServices, projectLabel, serviceLabel, statusOf } from './compose/compose-status.ts';
export { findDockerfile } from './images/dockerfile-in-archive.ts';
export { readDockerfile, readTriggers } from './images/dockerfile.ts';
export { checkContainer } from './policy/policy-container.ts';
export { foreignNames } from './policy/policy.ts';
