import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ClipboardPaste, LoaderCircle, Rocket, ServerOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Empty } from '../../ui/feedback/empty.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Card } from '../../ui/layout/card.tsx';

const door =
  'group flex flex-col items-start gap-3 rounded-xl border border-line bg-surface p-6 text-left shadow-rest transition-[border-color,box-shadow,transform] hover:-translate-y-0.5 hover:border-accent hover:shadow-lift';
const badge = 'grid size-10 place-items-center rounded-lg bg-accent-soft text-accent-text [&_svg]:size-5';

function Doors({ mayRunProcess }: { mayRunProcess: boolean }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const toast = useToast();
  const addDemo = useMutation(
    trpc.servers.addDemo.mutationOptions({
      onSuccess: async (server) => {
        await queryClient.invalidateQueries(trpc.servers.list.pathFilter());
        await navigate({ to: '/servers/$id', params: { id: server.id } });
      },
      onError: (error) => toast.bad(t('servers.doors.demoFailed'), toFailure(error).message),
    }),
  );
  return (
    <div className="grid gap-4 md:grid-cols-2">
      <Link to="/servers/new" search={{ from: 'config' }} className={door}>
        <span aria-hidden className={badge}>
          <ClipboardPaste />
        </span>
        <span className="text-lg font-semibold">{t('servers.doors.paste')}</span>
        <span className="text-ink-2">{t('servers.doors.pasteHint')}</span>
      </Link>
      {mayRunProcess && (
        <button type="button" onClick={() => addDemo.mutate()} disabled={addDemo.isPending} className={door}>
          <span aria-hidden className={badge}>
            {addDemo.isPending ? <LoaderCircle className="animate-spin" /> : <Rocket />}
          </span>
          <span className="text-lg font-semibold">{t('servers.doors.demo')}</span>
          <span className="text-ink-2">{t('servers.doors.demoHint')}</span>
        </button>
      )}
      <p className="text-sm text-ink-3 md:col-span-2">
        {t('servers.doors.third')}{' '}
        <Link to="/servers/new" className="font-medium text-accent-text underline underline-offset-2">
          {t('servers.doors.thirdLink')}
        </Link>
      </p>
    </div>
  );
}

/** What a first visit offers: bring your own config, or look around with the built-in server; or why neither. */
export function TwoDoors() {
  const { t } = useTranslation();
  const { me } = useInstance();
  if (!me) return null;
  if (!me.can.createServer) {
    return (
      <Card>
        <Empty icon={<ServerOff />} title={t('servers.doors.closed')}>
          {t('servers.doors.closedHint')}
        </Empty>
      </Card>
    );
  }
  return <Doors mayRunProcess={me.can.runProcess} />;
}
