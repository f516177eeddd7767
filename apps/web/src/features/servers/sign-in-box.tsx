import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { tellReason } from '../../lib/reasons.ts';
import { toFailure, useTRPC, type Outputs } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { SignInSteps } from './sign-in-steps.tsx';

type SignInState = Outputs['signIns']['get'];

/** Sends the person to sign in at another place. */
function useSignIn(id: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.signIns.begin.mutationOptions({
      onSuccess: ({ url }) => {
        if (url !== null) window.location.assign(url);
      },
      onError: () => queryClient.invalidateQueries(trpc.signIns.get.queryFilter({ id })),
    }),
  );
}

function Failed({ attempt }: { attempt: NonNullable<SignInState['attempt']> }) {
  const { t } = useTranslation();
  const { failure, steps } = attempt;
  return (
    <Callout tone="bad" title={t('servers.signIn.failed')}>
      {failure !== null && <p>{tellReason(failure, failure.text, t)}</p>}
      <SignInSteps steps={steps} />
    </Callout>
  );
}

/** What a server asks of the person: to sign in, and what became of the last attempt. */
export function SignInBox({ id, state }: { id: string; state: SignInState }) {
  const { t } = useTranslation();
  const signIn = useSignIn(id);
  const failure = signIn.error ? toFailure(signIn.error) : null;
  const { attempt, more, can } = state;
  const isLeaving = signIn.isPending || (signIn.isSuccess && signIn.data.url !== null);
  const why = can ? t('servers.signIn.hint') : t('servers.signIn.askOwner');
  return (
    <>
      <Callout
        tone="warn"
        title={t(more ? 'servers.signIn.more' : 'servers.detail.needsSignIn')}
        actions={
          can && (
            <Button look="primary" size="sm" busy={isLeaving} onClick={() => signIn.mutate({ id })}>
              {t('servers.signIn.submit')}
            </Button>
          )
        }
      >
        <p>{more ? t('servers.signIn.moreHint') : why}</p>
        {failure !== null && <p role="alert">{failure.message}</p>}
      </Callout>
      {attempt?.state === 'failed' && !isLeaving && <Failed attempt={attempt} />}
    </>
  );
}
