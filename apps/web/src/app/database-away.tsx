import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { askIfBack, useDatabaseAway } from '../lib/database-away.ts';
import { Callout } from '../ui/feedback/callout.tsx';

const everyMs = 2000;

/** Says that the database is away, and reads everything again once it is back. */
export function DatabaseAway() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const away = useDatabaseAway();
  useEffect(() => {
    if (!away) return;
    const timer = setInterval(() => {
      void askIfBack().then((back) => (back ? client.invalidateQueries() : undefined));
    }, everyMs);
    return () => clearInterval(timer);
  }, [away, client]);
  if (!away) return null;
  return (
    <div className="p-3">
      <Callout alert tone="warn" title={t('error.databaseAway')}>
        {t('error.databaseAwayHint')}
      </Callout>
    </div>
  );
}
