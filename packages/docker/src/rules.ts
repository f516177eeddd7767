/** What is decided about containers and stacks by looking at text and settings alone: no engine is asked. */
export { declaredServices, projectLabel, serviceLabel, statusOf } from './compose-status.ts';
export { findDockerfile } from './dockerfile-in-archive.ts';
export { readDockerfile, readTriggers } from './dockerfile.ts';
export { checkContainer } from './policy-container.ts';
export { foreignNames } from './policy.ts';
