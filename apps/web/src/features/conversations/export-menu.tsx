import { Braces, Download, FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/form/button.tsx';
import { Menu, MenuItem } from '../../ui/layout/menu.tsx';

/** Takes a conversation along that may only be read. */
export function ExportMenu({ onSave }: { onSave: (as: 'md' | 'json') => void }) {
  const { t } = useTranslation();
  const label = t('conversations.do.export');
  return (
    <Menu
      label={label}
      trigger={
        <IconButton size="sm" label={label}>
          <Download aria-hidden className="size-4" />
        </IconButton>
      }
    >
      <MenuItem icon={<FileText />} onSelect={() => onSave('md')}>
        {t('conversations.do.markdown')}
      </MenuItem>
      <MenuItem icon={<Braces />} onSelect={() => onSave('json')}>
        {t('conversations.do.json')}
      </MenuItem>
    </Menu>
  );
}
