import { useMutation, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clientNames, clients, isHosted, snippet, waysOf, type ClientId } from '../../lib/snippets.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { cx } from '../../ui/class-names.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { Code } from '../../ui/text/code.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { useSignIn } from './use-sign-in.ts';

const placeholder = 'YOUR_API_KEY';

interface ConnectPanelProps {
  /** Null: all servers at one address. */
  server: { id: string; name: string } | null;
  client: ClientId;
  onClient: (client: ClientId) => void;
}

function KeyStep({
  client,
  created,
  onCreated,
}: {
  client: ClientId;
  created: string | null;
  onCreated: (key: string) => void;
}) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const create = useMutation(
    trpc.keys.create.mutationOptions({
      onSuccess: async ({ key }) => {
        onCreated(key);
        await queryClient.invalidateQueries(trpc.keys.list.pathFilter());
      },
    }),
  );
  if (created !== null) {
    return (
      <Callout tone="ok" title={t('common.newKey')}>
        <p className="mb-1">{t('common.shownOnce')}</p>
        <CopyText text={created} />
      </Callout>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-lg border border-line bg-sunken px-4 py-3">
      <KeyRound aria-hidden className="size-4 text-ink-3" />
      <p className="min-w-48 flex-1 text-ink-2">{t('connect.needsKey', { placeholder })}</p>
      <Button
        look="primary"
        size="sm"
        busy={create.isPending}
        onClick={() => create.mutate({ name: clientNames[client] })}
      >
        {t('connect.createKey')}
      </Button>
      {create.error && <p className="w-full text-sm text-bad">{toFailure(create.error).message}</p>}
    </div>
  );
}

interface SignInStepProps {
  client: ClientId;
  way: 'sign-in' | 'key';
  onWay: (way: 'sign-in' | 'key') => void;
  created: string | null;
  onCreated: (key: string) => void;
}

/** By which credential the client comes in, and what is to be done for it. */
function SignInStep({ client, way, onWay, created, onCreated }: SignInStepProps) {
  const { t } = useTranslation();
  const { reach } = useSignIn();
  const ways = waysOf(client).filter((each) => each === 'key' || reach !== 'none');
  if (isHosted(client) && reach !== 'anywhere') return <Callout tone="warn" title={t('connect.signIn.far')} />;
  return (
    <div className="flex flex-col gap-3">
      {ways.length > 1 && (
        <Segmented
          label={t('connect.signIn.label')}
          value={way}
          onChange={onWay}
          options={[
            { value: 'sign-in', label: t('connect.signIn.signIn') },
            { value: 'key', label: t('connect.signIn.key') },
          ]}
        />
      )}
      {way === 'sign-in' ? (
        <p className="text-ink-2">{t('connect.signIn.hint')}</p>
      ) : (
        <KeyStep client={client} created={created} onCreated={onCreated} />
      )}
    </div>
  );
}

/** Ready snippets for the usual clients: those that sign in need the URL alone, others a key that is made in place. */
export function ConnectPanel({ server, client, onClient }: ConnectPanelProps) {
  const { t } = useTranslation();
  const { endpoint, needsKey } = useInstance();
  const { reach } = useSignIn();
  const [key, setKey] = useState<string | null>(null);
  const [chosen, setChosen] = useState<'sign-in' | 'key'>('sign-in');
  const [usual = 'key'] = waysOf(client).filter((each) => each === 'key' || reach !== 'none');
  const way = waysOf(client).includes(chosen) && reach !== 'none' ? chosen : usual;
  const url = endpoint(server?.id);
  const ready = snippet(client, {
    name: server?.id ?? 'switchboard',
    url,
    key: needsKey && way === 'key' ? (key ?? placeholder) : null,
  });
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-ink-3">{t('connect.url')}</span>
        <CopyText text={url} />
      </div>
      {needsKey && <SignInStep client={client} way={way} onWay={setChosen} created={key} onCreated={setKey} />}
      <div className="grid gap-4 md:grid-cols-[11rem_minmax(0,1fr)]">
        <ul aria-label={t('connect.clients')} className="flex gap-1 overflow-x-auto md:flex-col">
          {clients.map((each) => (
            <li key={each}>
              <button
                type="button"
                aria-pressed={each === client}
                onClick={() => onClient(each)}
                className={cx(
                  'h-9 w-full rounded-md px-3 text-left font-medium whitespace-nowrap transition-colors focus-visible:-outline-offset-2',
                  each === client ? 'bg-accent-soft text-accent-text' : 'text-ink-2 hover:bg-hover',
                )}
              >
                {each === 'stdio' ? t('connect.stdio') : clientNames[each]}
              </button>
            </li>
          ))}
        </ul>
        <div className="flex min-w-0 flex-col gap-3">
          <p className="text-ink-2">{t(`connect.how.${client}`)}</p>
          {ready.file !== null && (
            <p className="text-sm text-ink-3">
              {t('connect.file')} <code className="font-mono">{ready.file}</code>
            </p>
          )}
          <Code text={ready.text} label={clientNames[client]} wrap={client === 'claude-code' || client === 'stdio'} />
        </div>
      </div>
    </div>
  );
}
