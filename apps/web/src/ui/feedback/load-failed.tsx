import { useTranslation } from 'react-i18next';
import { toFailure } from '../../lib/trpc.ts';
import { Button } from '../form/button.tsx';
import { Callout } from './callout.tsx';

/** A list or a part of a page that could not be loaded, and the way to try again. */
export function LoadFailed({ title, error, onRetry }: { title: string; error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const { code, message } = toFailure(error);
  return (
    <Callout
      tone="bad"
      title={title}
      actions={
        code !== 'FORBIDDEN' && (
          <Button size="sm" onClick={onRetry}>
            {t('common.retry')}
          </Button>
        )
      }
    >
      {message}
    </Callout>
  );
}
