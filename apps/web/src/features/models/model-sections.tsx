import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { linkTab, tabList } from '../../ui/layout/tabs.tsx';

/** The pages about models, one beside the other. */
export function ModelSections() {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('models.sections')} className={`${tabList} mb-6`}>
      <Link to="/models" activeOptions={{ exact: true }} className={linkTab}>
        {t('models.title')}
      </Link>
      <Link to="/models/budgets" activeOptions={{ includeSearch: false }} className={linkTab}>
        {t('models.budgets.title')}
      </Link>
    </nav>
  );
}
