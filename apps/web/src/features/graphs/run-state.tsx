import { useTranslation } from 'react-i18next';
import { Status, type StatusShape, type StatusTone } from '../../ui/feedback/status.tsx';
import type { RunState } from './types.ts';

const looks: Record<RunState, { shape: StatusShape; tone: StatusTone }> = {
  running: { shape: 'half', tone: 'accent' },
  waiting: { shape: 'diamond', tone: 'warn' },
  done: { shape: 'disc', tone: 'ok' },
  failed: { shape: 'triangle', tone: 'bad' },
  cancelled: { shape: 'square', tone: 'idle' },
};

export function RunStateMark({ state }: { state: RunState }) {
  const { t } = useTranslation();
  return <Status {...looks[state]} label={t(`graphs.runState.${state}`)} />;
}
