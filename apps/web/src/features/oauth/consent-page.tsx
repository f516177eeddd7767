import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsentRequest } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { FrontFrame } from '../../ui/layout/front-frame.tsx';
import { decisionOf, draftOf, isComplete, isThere } from './consent-draft.ts';
import { ConsentFacts } from './consent-facts.tsx';
import { GrantBounds } from './grant-bounds.tsx';
import { ScopeChoices } from './scope-choices.tsx';

const route = getRouteApi('/oauth/$uid');

/** Who is asked, and the way to be somebody else. */
function Asked() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { me } = useInstance();
  const signOut = useMutation(trpc.auth.logout.mutationOptions({ onSettled: () => queryClient.invalidateQueries() }));
  return (
    <p className="flex flex-wrap items-center justify-center gap-x-2 gap-y-1">
      {t('oauth.signedInAs', { username: me?.user?.username })}
      <Button look="ghost" size="sm" busy={signOut.isPending} onClick={() => signOut.mutate()}>
        {t('oauth.otherAccount')}
      </Button>
    </p>
  );
}

/** False for the first moment of the page: a click that was meant for what was there before allows nothing. */
function useShownAWhile(): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), 500);
    return () => clearTimeout(timer);
  }, []);
  return settled;
}

function Form({ request, onDone }: { request: ConsentRequest; onDone: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const [draft, setDraft] = useState(() => draftOf(request));
  const decide = useMutation(
    trpc.oauth.decide.mutationOptions({
      onSuccess: ({ redirectTo }) => {
        onDone();
        location.assign(redirectTo);
      },
    }),
  );
  const shown = useShownAWhile();
  const asked = decide.variables?.allow;
  const isConfined = request.has !== null && (request.has.bounds.servers ?? request.has.bounds.tools) !== null;
  function allow(event: FormEvent) {
    event.preventDefault();
    decide.mutate(decisionOf(request, draft));
  }
  return (
    <form onSubmit={allow} className="flex flex-col gap-5">
      <ConsentFacts request={request} />
      <ScopeChoices asked={request.scopes} value={draft.scopes} onChange={(scopes) => setDraft({ ...draft, scopes })} />
      <Disclosure title={t('oauth.narrow')} open={isConfined}>
        <GrantBounds endpoint={request.endpoint.slug} draft={draft} onChange={setDraft} />
      </Disclosure>
      {decide.error && <Callout alert tone="bad" title={toFailure(decide.error).message} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button
          busy={decide.isPending && asked === false}
          disabled={decide.isPending}
          onClick={() => decide.mutate({ uid: request.uid, allow: false })}
        >
          {t('oauth.refuse')}
        </Button>
        <Button
          type="submit"
          look="primary"
          busy={decide.isPending && asked === true}
          disabled={!shown || decide.isPending || !isComplete(draft) || !isThere(request)}
        >
          {t('oauth.allow')}
        </Button>
      </div>
    </form>
  );
}

function Ended({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const failure = toFailure(error);
  const gone = failure.code === 'NOT_FOUND';
  return (
    <FrontFrame title={t(gone ? 'oauth.gone' : 'oauth.loadFailed')} lead={gone ? t('oauth.goneHint') : failure.message}>
      {gone ? (
        <p className="text-ink-2">{t('oauth.startAgain')}</p>
      ) : (
        <Button className="w-full" onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </FrontFrame>
  );
}

/** What a program asks a person for when it wants to use the hub in that person's name. */
export function ConsentPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { uid } = route.useParams();
  const [done, setDone] = useState(false);
  // What was decided is gone at the hub: it is not asked for again on a page that is being left.
  const request = useQuery(
    trpc.oauth.request.queryOptions({ uid }, { enabled: !done, retry: false, staleTime: Infinity }),
  );
  if (request.error && !request.data) return <Ended error={request.error} onRetry={() => void request.refetch()} />;
  if (!request.data) {
    return (
      <FrontFrame wide title={t('oauth.title')} lead={t('oauth.lead')}>
        <Skeleton className="h-72 rounded-lg" />
      </FrontFrame>
    );
  }
  if (done) {
    return (
      <FrontFrame title={t('oauth.decided')} lead={t('oauth.decidedHint', { name: request.data.client.name })}>
        <a href="/ui/" className="font-medium text-accent-text hover:underline">
          {t('error.home')}
        </a>
      </FrontFrame>
    );
  }
  return (
    <FrontFrame
      wide
      title={t('oauth.asks', { name: request.data.client.name })}
      lead={t('oauth.lead')}
      below={<Asked />}
    >
      <Form key={uid} request={request.data} onDone={() => setDone(true)} />
    </FrontFrame>
  );
}
