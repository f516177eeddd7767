import { useTranslation } from 'react-i18next';
import { toFailure } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Bubble } from './said-view.tsx';
import type { Chat } from './use-chat.ts';

/** What could not be said, why, and the ways on. */
export function SayFailed({ chat, error }: { chat: Chat; error: unknown }) {
  const { t } = useTranslation();
  const { code, message, fields } = toFailure(error);
  const said = chat.failure?.saying;
  if (!said) return null;
  return (
    <div className="flex flex-col gap-3">
      <Bubble content={said.content} attachments={said.attachments ?? []} />
      <Callout
        alert
        tone="bad"
        title={t('conversations.notSent')}
        actions={
          <>
            <Button
              size="sm"
              look="primary"
              onClick={() =>
                chat.retry({
                  content: said.content,
                  attachments: said.attachments ?? [],
                  ...(said.parentId !== undefined && { parentId: said.parentId }),
                  ...(said.beside !== undefined && { beside: said.beside }),
                })
              }
            >
              {t('common.retry')}
            </Button>
            <Button size="sm" onClick={chat.forget}>
              {t('common.dismiss')}
            </Button>
          </>
        }
      >
        <p>{fields[0]?.message ?? message}</p>
        {code === 'NOT_FOUND' && <p>{t('conversations.hint.model')}</p>}
      </Callout>
    </div>
  );
}
