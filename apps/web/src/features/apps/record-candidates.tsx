import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Checkbox } from '../../ui/form/input.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { useApp } from './app-context.ts';
import { RecordingParts } from './recording-drawer.tsx';
import { shortJson } from './recording-words.ts';
import type { RecordedCall } from './types.ts';

interface CandidateProps {
  call: RecordedCall;
  isKnown: boolean;
  checked: boolean;
  onToggle: () => void;
}

function Candidate({ call, isKnown, checked, onToggle }: CandidateProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <li className="flex items-start gap-2.5 py-2">
      <Checkbox id={id} className="mt-0.5" checked={checked} disabled={!isKnown} onChange={onToggle} />
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="font-mono text-sm font-medium break-all">
          {call.action}
        </label>
        {!isKnown && <p className="text-xs text-ink-3">{t('apps.recordings.unknown')}</p>}
        <Disclosure
          title={<span className="min-w-0 truncate font-mono text-xs text-ink-3">{shortJson(call.arguments)}</span>}
        >
          <RecordingParts call={call} />
        </Disclosure>
      </div>
    </li>
  );
}

interface RecordCandidatesProps {
  calls: readonly RecordedCall[];
  chosen: readonly number[];
  onChange: (chosen: readonly number[]) => void;
}

/** Calls to choose from, each of which can be looked through. */
export function RecordCandidates({ calls, chosen, onChange }: RecordCandidatesProps) {
  const { t } = useTranslation();
  const app = useApp();
  const known = new Set(app.actions.map(({ name }) => name));
  return (
    <fieldset className="min-w-0">
      <legend className="text-sm font-medium">{t('apps.recordings.choose')}</legend>
      <p className="text-xs text-ink-3">{t('apps.recordings.chooseHint')}</p>
      <ul className="mt-1 flex flex-col divide-y divide-line">
        {calls.map((call, index) => (
          <Candidate
            key={`${call.action} ${JSON.stringify(call.arguments)}`}
            call={call}
            isKnown={known.has(call.action)}
            checked={chosen.includes(index)}
            onToggle={() =>
              onChange(chosen.includes(index) ? chosen.filter((other) => other !== index) : [...chosen, index])
            }
          />
        ))}
      </ul>
    </fieldset>
  );
}
