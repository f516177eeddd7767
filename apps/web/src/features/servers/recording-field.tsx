import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { recordings } from '@switchboard/core/servers/schema';
import { fieldMessage, useTRPC, type Failure } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import type { Draft } from './server-draft.ts';

interface RecordingFieldProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  failure: Failure | null;
}

/** What history keeps of the server's calls; a link with the hash `recording` leads here. */
export function RecordingField({ draft, onChange, failure }: RecordingFieldProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const retention = useQuery(trpc.audit.retention.queryOptions()).data;
  const place = useRef<HTMLDivElement>(null);
  const isWanted = useLocation({ select: ({ hash }) => hash === 'recording' });
  useEffect(() => {
    if (!isWanted) return;
    place.current?.scrollIntoView({ block: 'center' });
    place.current?.querySelector('select')?.focus({ preventScroll: true });
  }, [isWanted]);
  const kept = retention && t('servers.recording.kept', { count: retention.callsDays });
  return (
    <div ref={place} id="recording">
      <Field
        label={t('servers.recording.label')}
        hint={[t(`servers.recording.hint.${draft.recording}`), kept].filter(Boolean).join(' ')}
        error={fieldMessage(failure, 'recording')}
      >
        <Select
          value={draft.recording}
          onChange={({ target }) =>
            onChange({ ...draft, recording: recordings.find((each) => each === target.value) ?? draft.recording })
          }
        >
          {recordings.map((each) => (
            <option key={each} value={each}>
              {t(`servers.recording.name.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}
