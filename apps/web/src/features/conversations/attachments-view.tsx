import { FileText, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/form/button.tsx';
import type { Attachment } from './types.ts';

/** Files of a message; each can be taken away where it was not sent yet. */
export function Attachments({
  attachments,
  onRemove,
}: {
  attachments: readonly Attachment[];
  onRemove?: (index: number) => void;
}) {
  const { t } = useTranslation();
  return (
    <ul aria-label={t('conversations.attachments')} className="flex flex-wrap justify-end gap-2">
      {attachments.map((file, index) => (
        <li
          key={index}
          className="flex max-w-64 items-center gap-2 overflow-hidden rounded-md border border-line bg-surface pr-1"
        >
          {file.type === 'image' ? (
            <img src={file.url} alt={file.name} className="max-h-24 max-w-40 object-contain" />
          ) : (
            <span className="flex min-w-0 items-center gap-2 py-1.5 pl-2.5 text-sm">
              <FileText aria-hidden className="size-4 shrink-0 text-ink-3" />
              <span className="truncate pr-1.5">{file.name}</span>
            </span>
          )}
          {onRemove && (
            <IconButton
              size="sm"
              label={t('conversations.removeFile', { name: file.name })}
              onClick={() => onRemove(index)}
            >
              <X aria-hidden className="size-3.5" />
            </IconButton>
          )}
        </li>
      ))}
    </ul>
  );
}
