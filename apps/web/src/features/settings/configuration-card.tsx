import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { sections } from '@switchboard/core/configuration/schema';
import { Card } from '../../ui/layout/card.tsx';
import { sectionWords } from './fields.ts';

/** The way to what can be set while the hub runs. */
export function ConfigurationCard() {
  const { t } = useTranslation();
  return (
    <Card flush title={t('settings.configuration')}>
      <ul className="divide-y divide-line">
        {sections.map((section) => (
          <li key={section}>
            <Link
              to="/settings/configuration"
              search={{ section }}
              className="flex items-center justify-between gap-3 px-4 py-2.5 hover:bg-hover"
            >
              <span className="min-w-0">
                <span className="block font-medium">{t(sectionWords[section].title)}</span>
                <span className="block text-sm text-ink-3">{t(sectionWords[section].hint)}</span>
              </span>
              <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
            </Link>
          </li>
        ))}
        <li>
          <Link to="/settings/file" className="flex items-center justify-between gap-3 px-4 py-2.5 hover:bg-hover">
            <span className="min-w-0">
              <span className="block font-medium">{t('settings.file.title')}</span>
              <span className="block text-sm text-ink-3">{t('settings.file.hint')}</span>
            </span>
            <ChevronRight aria-hidden className="size-4 shrink-0 text-ink-3" />
          </Link>
        </li>
      </ul>
    </Card>
  );
}
