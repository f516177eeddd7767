import { useMutation } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Eye } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { ReadRounds } from './read-rounds.tsx';
import type { Conversation } from './types.ts';

const atOnce = 50;

/** One conversation of somebody else, read by an admin: only when it is asked for, as each reading is recorded. */
function Inspected({ id }: { id: string }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const [seen, setSeen] = useState<Conversation | null>(null);
  const reading = useMutation(trpc.conversations.inspect.mutationOptions());
  function read(earlierThan: Conversation | null) {
    const before = earlierThan?.shown[0]?.id;
    reading.mutate(
      { id, rounds: atOnce, ...(before !== undefined && { before }) },
      {
        onSuccess: (came) =>
          setSeen(earlierThan === null ? came : { ...came, shown: [...came.shown, ...earlierThan.shown] }),
      },
    );
  }
  const title = seen === null ? t('conversations.others.one') : seen.title || t('conversations.untitled');
  return (
    <Page
      title={title}
      lead={seen && t('conversations.others.of', { name: seen.ownerName ?? t('conversations.somebody') })}
      actions={
        <>
          <Link to="/conversations" className={buttonClass('ghost')}>
            {t('conversations.others.title')}
          </Link>
          {seen !== null && (
            <Button busy={reading.isPending} onClick={() => read(null)}>
              {t('conversations.others.again')}
            </Button>
          )}
        </>
      }
    >
      {reading.isError && (
        <LoadFailed title={t('conversations.loadFailed')} error={reading.error} onRetry={() => read(seen)} />
      )}
      {seen === null ? (
        <Callout
          tone="info"
          title={t('conversations.others.recorded')}
          actions={
            <Button
              look="primary"
              busy={reading.isPending}
              icon={<Eye aria-hidden className="size-4" />}
              onClick={() => read(null)}
            >
              {t('conversations.others.read')}
            </Button>
          }
        />
      ) : (
        <Card>
          <div className="mx-auto flex w-full max-w-3xl flex-col gap-6">
            {seen.hasEarlier && (
              <Button size="sm" className="self-center" busy={reading.isPending} onClick={() => read(seen)}>
                {t('conversations.earlier')}
              </Button>
            )}
            <ReadRounds rounds={seen.shown} />
          </div>
        </Card>
      )}
    </Page>
  );
}

export function InspectPage() {
  const { id } = useParams({ from: '/conversations/$id' });
  return <Inspected key={id} id={id} />;
}
