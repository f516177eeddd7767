import { Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { toFailure } from '../../lib/trpc.ts';
import { Empty } from './empty.tsx';
import { LoadFailed } from './load-failed.tsx';

interface EngineFailedProps {
  title: string;
  error: unknown;
  onRetry: () => void;
}

/** What could not be read from an engine. Where it is away, the banner above tells why and when it is tried again. */
export function EngineFailed({ title, error, onRetry }: EngineFailedProps) {
  const { t } = useTranslation();
  if (toFailure(error).code !== 'BAD_GATEWAY') return <LoadFailed title={title} error={error} onRetry={onRetry} />;
  return (
    <Empty icon={<Unplug />} title={t('engine.nothingToShow')}>
      {t('engine.nothingToShowHint')}
    </Empty>
  );
}
