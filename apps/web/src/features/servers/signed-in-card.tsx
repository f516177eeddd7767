import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useServer } from '../../lib/server-context.ts';
import { useTRPC, type Outputs } from '../../lib/trpc.ts';
import { useConfirm } from '../../ui/feedback/confirm.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Card, Fact, Facts } from '../../ui/layout/card.tsx';
import { Time } from '../../ui/text/time.tsx';

type SignInState = Outputs['signIns']['get'];
type SignedIn = Exclude<SignInState['held'], boolean>;

/** A sign-in that there is, to whose it is. */
export function SignedInCard({ signedIn, who }: { signedIn: SignedIn; who: SignInState['who'] }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const confirm = useConfirm();
  const { id, name } = useServer();
  const { issuer, scope, since } = signedIn;
  const end = useMutation(
    trpc.signIns.end.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.signIns.pathFilter()),
    }),
  );
  async function signOut() {
    const isSure = await confirm({
      title: t('servers.signIn.outTitle', { name }),
      body: t('servers.signIn.outBody', { issuer }),
      action: t('servers.signIn.out'),
    });
    if (isSure) end.mutate({ id });
  }
  return (
    <Card
      title={t('servers.signIn.signedIn')}
      actions={
        <Button size="sm" busy={end.isPending} onClick={() => void signOut()}>
          {t('servers.signIn.out')}
        </Button>
      }
    >
      <Facts>
        <Fact name={t('servers.signIn.issuer')}>
          <span className="break-all">{issuer}</span>
        </Fact>
        <Fact name={t('servers.signIn.scope')}>{scope ?? t('servers.signIn.scopeNone')}</Fact>
        <Fact name={t('servers.signIn.since')}>
          <Time value={since} />
        </Fact>
      </Facts>
      <p className="mt-3 text-sm text-ink-3">
        {t(who === 'person' ? 'servers.signIn.yours' : 'servers.signIn.everybody')}
      </p>
    </Card>
  );
}
