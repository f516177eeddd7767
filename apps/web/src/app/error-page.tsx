import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { Compass, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../lib/trpc.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';

/** When the hub does not answer at all. */
export function Unreachable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <main className="grid min-h-dvh place-items-center">
      <Empty icon={<Unplug />} title={t('error.unreachable')} actions={<Button look="primary" onClick={onRetry}>{t('common.retry')}</Button>}>
        <p>{t('error.unreachableHint')}</p>
        <p className="mt-2 font-mono text-xs">{toFailure(error).message}</p>
      </Empty>
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<Compass />}
      title={t('error.notFound')}
      actions={
        <a href="/ui/" className={buttonClass('secondary')}>
          {t('error.home')}
        </a>
      }
    >
      {t('error.notFoundHint')}
    </Empty>
  );
}

/** When a page failed to draw itself. */
export function PageError({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <Empty
      icon={<Unplug />}
      title={t('error.page')}
      actions={
        <>
          <Button look="primary" onClick={() => void router.invalidate()}>
            {t('common.retry')}
          </Button>
          <Button onClick={() => location.reload()}>{t('error.reload')}</Button>
        </>
      }
    >
      <p className="font-mono text-xs break-words">{toFailure(error).message}</p>
    </Empty>
  );
}
