import { useMutation, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { initial, isSchema, resolve } from '../../ui/schema-form/schema.ts';
import { Code } from '../../ui/text/code.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { argumentsSchema } from './action-draft.ts';
import { useApp } from './app-context.ts';
import { appSnippet, doors, productUrl, tokenPlaceholder, ways, type Door, type Way } from './app-snippets.ts';

function TokenStep({ token, onToken }: { token: string | null; onToken: (token: string) => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const app = useApp();
  const { me } = useInstance();
  const create = useMutation(
    trpc.apps.tokens.create.mutationOptions({
      onSuccess: async (made) => {
        onToken(made.token);
        await queryClient.invalidateQueries(trpc.apps.tokens.pathFilter());
      },
    }),
  );
  if (token !== null)
    return (
      <Callout tone="ok" title={t('apps.token.made')}>
        <p className="mb-1">{t('common.shownOnce')}</p>
        <CopyText text={token} />
      </Callout>
    );
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-lg border border-line bg-sunken px-4 py-3">
      <KeyRound aria-hidden className="size-4 text-ink-3" />
      <p className="min-w-48 flex-1 text-ink-2">{t('apps.connect.needsToken', { placeholder: tokenPlaceholder })}</p>
      {me?.can.createAppToken && app.can.use && (
        <Button
          look="primary"
          size="sm"
          busy={create.isPending}
          onClick={() => create.mutate({ description: app.displayName.slice(0, 200), apps: [app.id] })}
        >
          {t('apps.connect.createToken')}
        </Button>
      )}
      {create.error && <p className="w-full text-sm text-bad">{toFailure(create.error).message}</p>}
    </div>
  );
}

/** Where programs reach a product, and how they call it. */
export function ConnectTab() {
  const { t } = useTranslation();
  const app = useApp();
  const { base } = useInstance();
  const [door, setDoor] = useState<Door>('sim');
  const [way, setWay] = useState<Way>('mcp');
  const [token, setToken] = useState<string | null>(null);
  const url = productUrl(base, door, app, token ?? tokenPlaceholder);
  const [first] = app.actions;
  const schema = first && argumentsSchema(first);
  const given: unknown = schema && initial(resolve(schema, schema), schema, true);
  const call = { action: first?.name ?? null, arguments: isSchema(given) ? given : {} };
  return (
    <Card className="max-w-4xl">
      <div className="flex flex-col gap-5">
        {!app.enabled && <Callout tone="warn" title={t('apps.connect.off')} />}
        <div className="flex flex-col gap-2">
          <Segmented
            label={t('apps.connect.door')}
            value={door}
            onChange={setDoor}
            options={doors.map((value) => ({ value, label: t(`apps.connect.doors.${value}`) }))}
          />
          <p className="text-sm text-ink-3">{t(`apps.connect.doorHint.${door}`)}</p>
          <CopyText text={url} />
        </div>
        <TokenStep token={token} onToken={setToken} />
        <div className="flex min-w-0 flex-col gap-3">
          <Segmented
            small
            label={t('apps.connect.way')}
            value={way}
            onChange={setWay}
            options={ways.map((value) => ({ value, label: t(`apps.connect.ways.${value}`) }))}
          />
          <p className="text-sm text-ink-3">{t(`apps.connect.how.${way}`)}</p>
          <Code text={appSnippet(way, url, app.name, call)} label={t(`apps.connect.ways.${way}`)} />
        </div>
      </div>
    </Card>
  );
}
