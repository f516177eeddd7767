import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';

/** In the place of a conversation that is not there, or cannot be read now. */
export function ConversationAbsent({
  error,
  onRetry,
  onList,
}: {
  error: unknown;
  onRetry: () => void;
  onList: () => void;
}) {
  const { t } = useTranslation();
  const { code, message } = toFailure(error);
  const isGone = code === 'NOT_FOUND';
  return (
    <div className="min-w-0 flex-1">
      <h1 className="sr-only">{t('conversations.title')}</h1>
      <Empty
        title={t(isGone ? 'conversations.gone' : 'conversations.loadFailed')}
        actions={
          <>
            {!isGone && <Button onClick={onRetry}>{t('common.retry')}</Button>}
            <Button className="lg:hidden" onClick={onList}>
              {t('conversations.title')}
            </Button>
            <Link to="/chat" className={buttonClass('primary')}>
              {t('conversations.new')}
            </Link>
          </>
        }
      >
        {isGone ? t('conversations.goneHint') : message}
      </Empty>
    </div>
  );
}
