import { Link } from '@tanstack/react-router';
import { Server } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useInstance } from '../../lib/use-instance.ts';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import type { App } from './types.ts';
import { useAppActions } from './use-app-actions.ts';

/** Makes a server of an app, or leads to it. */
export function ShowInHub({ app }: { app: App }) {
  const { t } = useTranslation();
  const { me } = useInstance();
  const { show } = useAppActions();
  const icon = <Server aria-hidden className="size-4" />;
  if (app.serverId !== null)
    return (
      <Link to="/servers/$id" params={{ id: app.serverId }} className={buttonClass('secondary')}>
        {icon}
        {t('apps.toServer')}
      </Link>
    );
  if (!app.can.use || !me?.can.createServer) return null;
  return (
    <Button icon={icon} busy={show.isPending} onClick={() => show.mutate({ id: app.id })}>
      {t('apps.showInHub')}
    </Button>
  );
}
