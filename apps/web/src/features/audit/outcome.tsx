import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../lib/api-types.ts';
import { Status, type StatusShape, type StatusTone } from '../../ui/feedback/status.tsx';

const looks: Record<AuditEntry['outcome'], { shape: StatusShape; tone: StatusTone }> = {
  ok: { shape: 'disc', tone: 'ok' },
  begun: { shape: 'ring', tone: 'accent' },
  refused: { shape: 'diamond', tone: 'warn' },
  tool_error: { shape: 'triangle', tone: 'warn' },
  error: { shape: 'triangle', tone: 'bad' },
  cancelled: { shape: 'dash', tone: 'idle' },
  timeout: { shape: 'diamond', tone: 'bad' },
};

export function AuditOutcome({ outcome }: { outcome: AuditEntry['outcome'] }) {
  const { t } = useTranslation();
  return <Status {...looks[outcome]} label={t(`outcome.${outcome}`)} />;
}
