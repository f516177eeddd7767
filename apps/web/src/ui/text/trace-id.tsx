import { ExternalLink } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useInstance } from '../../lib/use-instance.ts';
import { CopyText } from './copy.tsx';

/** The id of a trace, with a link to the system that has it, where the hub knows one. */
export function TraceId({ id }: { id: string }) {
  const { t } = useTranslation();
  const { traceUrl } = useInstance();
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <CopyText text={id} />
      {traceUrl !== null && (
        <a
          href={traceUrl.replace('{traceId}', encodeURIComponent(id))}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 text-accent-text underline underline-offset-2"
        >
          {t('call.toTrace')}
          <ExternalLink aria-hidden className="size-3.5" />
        </a>
      )}
    </span>
  );
}
