import { useTranslation } from 'react-i18next';
import type { Stack } from '../../lib/api-types.ts';
import { Status } from '../../ui/feedback/status.tsx';

/** How a stack is, by its services. */
export function StackState({ stack, className }: { stack: Stack; className?: string }) {
  const { t } = useTranslation();
  const { services, isRunning } = stack;
  const expected = services.filter(({ state }) => state === 'running' || state === 'stopped');
  const running = expected.filter(({ state }) => state === 'running').length;
  const more = className === undefined ? {} : { className };
  if (isRunning === null) return <Status shape="dash" tone="idle" label={t('stacks.unknown')} {...more} />;
  if (isRunning) return <Status shape="disc" tone="ok" label={t('stacks.running')} {...more} />;
  if (running > 0) {
    const label = t('stacks.partly', { running, count: expected.length });
    return <Status shape="triangle" tone="warn" label={label} {...more} />;
  }
  const there = services.some(({ containers }) => containers.length > 0);
  return there ? (
    <Status shape="square" tone="idle" label={t('stacks.stopped')} {...more} />
  ) : (
    <Status shape="ring" tone="idle" label={t('stacks.notDeployed')} {...more} />
  );
}
