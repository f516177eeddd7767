import { useTranslation } from 'react-i18next';
import type { Draft } from './draft-fields.ts';

/** Which product it is does not change: another one is another server. */
export function AppFields({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  return <p className="text-sm text-ink-3">{t('servers.form.appIs', { app: draft.app })}</p>;
}

/** Its files are no field of its server. */
export function GeneratedFields() {
  const { t } = useTranslation();
  return <p className="text-sm text-ink-3">{t('servers.form.generatedIs')}</p>;
}

/** Which graph it runs does not change either. */
export function GraphFields({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  return <p className="text-sm text-ink-3">{t('servers.form.graphIs', { graph: draft.graph })}</p>;
}
