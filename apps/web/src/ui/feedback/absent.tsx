import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../lib/trpc.ts';
import { Button } from '../form/button.tsx';
import { Page } from '../layout/page.tsx';
import { Empty } from './empty.tsx';
import { EngineFailed } from './engine-failed.tsx';

interface AbsentProps {
  title: string;
  above: ReactNode;
  error: unknown;
  onRetry: () => void;
  /** Where there is no such thing, or not for this person. */
  gone: { title: string; hint: string; back: ReactNode };
  /** Where it could not be read. */
  failed: string;
}

/** The page of something that is not there, or cannot be read now. */
export function Absent({ title, above, error, onRetry, gone, failed }: AbsentProps) {
  const { t } = useTranslation();
  const { code, message } = toFailure(error);
  const isGone = code === 'NOT_FOUND';
  return (
    <Page title={title} above={above}>
      {code === 'BAD_GATEWAY' ? (
        <EngineFailed title={failed} error={error} onRetry={onRetry} />
      ) : (
        <Empty
          title={isGone ? gone.title : failed}
          actions={isGone ? gone.back : <Button onClick={onRetry}>{t('common.retry')}</Button>}
        >
          {isGone ? gone.hint : message}
        </Empty>
      )}
    </Page>
  );
}
