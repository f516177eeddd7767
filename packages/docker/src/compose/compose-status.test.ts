import { expect, it } from 'vitest';
import { toContainerInfo, type ContainerInfo } from '../containers/container-info.ts';
import { declaredServices, serviceLabel, statusOf } from './compose-status.ts';

const declared = declaredServices(`
services:
  web: { image: x }
  job: { image: x, restart: on-failure }
  debug: { image: x, profiles: [debug] }
  none: { image: x, deploy: { replicas: 0 } }
  never: { image: x, scale: 0 }
`);

let made = 0;
function container(service: string, more: Partial<ContainerInfo>): ContainerInfo {
  made += 1;
  const labels = { [serviceLabel]: service };
  return { ...toContainerInfo({ Id: `c${made}`, Name: `/c${made}` }, []), labels, restartPolicy: 'no', ...more };
}
function running(service: string) {
  return container(service, { status: 'running' });
}
function ended(service: string, exitCode: number, restartPolicy = 'no') {
  return container(service, { status: 'exited', exitCode, restartPolicy });
}
function isRunning(...containers: ContainerInfo[]) {
  return statusOf(containers, declared).isRunning;
}

it('runs where what should run does, whatever ended well or was never asked for', () => {
  expect(isRunning(running('web'), ended('job', 0))).toBe(true);
  expect(isRunning(running('web'), running('job'))).toBe(true);
  expect(isRunning(running('web'), ended('job', 0), running('debug'))).toBe(true);
  const { services } = statusOf([running('web'), ended('job', 0, 'on-failure')], declared);
  expect(Object.values(services).map(({ name, state }) => `${name} ${state}`)).toEqual([
    'web running',
    'job finished',
    'debug unasked',
    'none unasked',
    'never unasked',
  ]);
});

it('does not run where something is missing, failed, or stopped that would be started again', () => {
  expect(isRunning()).toBe(false);
  expect(isRunning(running('web'))).toBe(false);
  expect(isRunning(running('web'), ended('job', 1))).toBe(false);
  expect(isRunning(running('job'), ended('web', 0, 'unless-stopped'))).toBe(false);
  expect(isRunning(running('web'), running('job'), ended('debug', 137))).toBe(false);
  expect(isRunning(running('web'), ended('job', 0), container('job', { status: 'created' }))).toBe(false);
  expect(isRunning(ended('web', 0), ended('job', 0))).toBe(false);
});
