import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { Compass, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isLostPart } from '../lib/arriving.ts';
import { toFailure } from '../lib/trpc.ts';
import { Empty } from '../ui/feedback/empty.tsx';
import { Button, buttonClass } from '../ui/form/button.tsx';
import { Page } from '../ui/layout/page.tsx';

/** When the hub does not answer at all. */
export function Unreachable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <main className="grid min-h-dvh place-items-center">
      <Empty
        icon={<Unplug />}
        title={t('error.unreachable')}
        actions={
          <Button look="primary" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        }
      >
        <p>{t('error.unreachableHint')}</p>
        <p className="mt-2 font-mono text-xs">{toFailure(error).message}</p>
      </Empty>
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('error.notFound')} lead={t('error.notFoundHint')}>
      <a href="/ui/" className={buttonClass('secondary')}>
        <Compass aria-hidden className="size-4" />
        {t('error.home')}
      </a>
    </Page>
  );
}

/** When a page failed to draw itself. */
export function PageError({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <Page title={t('error.page')}>
      <p className="mb-4 font-mono text-sm break-words text-ink-2">{toFailure(error).message}</p>
      <div className="flex gap-2">
        <Button look="primary" onClick={() => (isLostPart(error) ? location.reload() : void router.invalidate())}>
          {t('common.retry')}
        </Button>
        <Button onClick={() => location.reload()}>{t('error.reload')}</Button>
      </div>
    </Page>
  );
}
