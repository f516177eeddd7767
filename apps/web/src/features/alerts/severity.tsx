import { useTranslation } from 'react-i18next';
import type { AlertSeverity } from '@switchboard/core/alerts/schema';
import { Status, type StatusShape, type StatusTone } from '../../ui/feedback/status.tsx';

const marks: Readonly<Record<AlertSeverity, { shape: StatusShape; tone: StatusTone }>> = {
  critical: { shape: 'diamond', tone: 'bad' },
  warning: { shape: 'triangle', tone: 'warn' },
  info: { shape: 'ring', tone: 'accent' },
};

/** How bad it is, by shape, colour and word. */
export function Severity({ value }: { value: AlertSeverity }) {
  const { t } = useTranslation();
  return <Status {...marks[value]} label={t(`alerts.severity.${value}`)} />;
}
