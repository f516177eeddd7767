import { Play, SquareTerminal } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { useTRPCClient } from '../../lib/trpc.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Terminal } from '../../ui/output/terminal.tsx';
import { useContainer } from './container-context.ts';
import { openLink } from './terminal-link.ts';
import { useContainerActions } from './use-container-actions.ts';

interface Wish {
  command: string[];
  user: string;
}

const shell = '/bin/sh';

function OpenForm({ onOpen }: { onOpen: (wish: Wish) => void }) {
  const { t } = useTranslation();
  const [command, setCommand] = useState(shell);
  const [user, setUser] = useState('');
  function submit(event: FormEvent) {
    event.preventDefault();
    onOpen({ command: command.trim().split(/\s+/).filter(Boolean), user: user.trim() });
  }
  return (
    <Card title={t('containers.openTerminal')}>
      <form onSubmit={submit} className="flex max-w-2xl flex-wrap items-start gap-4">
        <Field label={t('containers.program')} hint={t('containers.programHint')} className="min-w-48 flex-1">
          <Input mono value={command} onChange={(event) => setCommand(event.target.value)} />
        </Field>
        <Field label={t('containers.user')} hint={t('containers.userHint')} className="w-40">
          <Input mono value={user} onChange={(event) => setUser(event.target.value)} />
        </Field>
        <Button
          type="submit"
          look="primary"
          className="mt-6.5"
          disabled={command.trim() === ''}
          icon={<SquareTerminal aria-hidden className="size-4" />}
        >
          {t('containers.open')}
        </Button>
      </form>
    </Card>
  );
}

function Session({ wish, onClose }: { wish: Wish; onClose: () => void }) {
  const { t } = useTranslation();
  const api = useTRPCClient();
  const engine = useEngineName();
  const { id, name } = useContainer();
  const [ended, setEnded] = useState<string | null>(null);
  const leave = useRef<HTMLButtonElement>(null);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3 text-sm text-ink-3">
        <p role="status">{ended ?? t('containers.terminalHint')}</p>
        <Button ref={leave} size="sm" onClick={onClose}>
          {t(ended === null ? 'containers.closeTerminal' : 'containers.newTerminal')}
        </Button>
      </div>
      <Terminal
        label={t('containers.terminalOf', { name })}
        onLeave={() => leave.current?.focus()}
        connect={({ size, write }) =>
          openLink(api, {
            input: { engine, id, command: wish.command, size, ...(wish.user === '' ? {} : { user: wish.user }) },
            write,
            onExit: (code) =>
              setEnded(code === null ? t('containers.terminalEnded') : t('containers.terminalExit', { code })),
            onError: (message) => setEnded(message),
          })
        }
      />
    </div>
  );
}

/** A program with a terminal inside the container. */
export function TerminalTab() {
  const { t } = useTranslation();
  const container = useContainer();
  const actions = useContainerActions();
  const [wish, setWish] = useState<Wish | null>(null);
  if (wish) return <Session wish={wish} onClose={() => setWish(null)} />;
  if (container.status !== 'running') {
    return (
      <Empty
        icon={<SquareTerminal />}
        title={t('containers.notRunning')}
        actions={
          container.status !== 'paused' && (
            <Button
              look="primary"
              busy={actions.busy}
              icon={<Play aria-hidden className="size-4" />}
              onClick={() => actions.start(container)}
            >
              {t('container.do.start')}
            </Button>
          )
        }
      >
        {t('containers.terminalNeeds')}
      </Empty>
    );
  }
  return <OpenForm onOpen={setWish} />;
}
