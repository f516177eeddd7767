import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../ui/form/button.tsx';
import { Select } from '../../ui/form/input.tsx';
import { faultKinds, newFault, type FaultDraft } from './fault-draft.ts';
import { FaultFields } from './fault-fields.tsx';
import { FaultRule } from './fault-rule.tsx';

interface FaultsEditorProps {
  faults: readonly FaultDraft[];
  onChange: (faults: FaultDraft[]) => void;
  /** What a fault may be limited to. */
  actions: readonly string[];
  wrong: (field: string) => string | null;
}

/** Single faults, and which calls each of them meets. */
export function FaultsEditor({ faults, onChange, actions, wrong }: FaultsEditorProps) {
  const { t } = useTranslation();
  const [made, setMade] = useState(0);
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm text-ink-3">{t(faults.length === 0 ? 'apps.fault.none' : 'apps.fault.hint')}</p>
      <ol className="flex flex-col gap-3">
        {faults.map((fault, index) => {
          function set(change: Partial<FaultDraft>) {
            onChange(faults.with(index, { ...fault, ...change }));
          }
          const part = { fault, onChange: set, wrong: (field: string) => wrong(`${index}.${field}`) };
          return (
            <li key={fault.slot} className="flex flex-col gap-3 rounded-md border border-line p-3">
              <div className="flex items-center gap-2">
                <Select
                  compact
                  className="w-56 max-w-full"
                  aria-label={t('apps.fault.kind', { number: index + 1 })}
                  value={fault.kind}
                  onChange={({ target }) =>
                    set({ kind: faultKinds.find((kind) => kind === target.value) ?? 'latency' })
                  }
                >
                  {faultKinds.map((kind) => (
                    <option key={kind} value={kind}>
                      {t(`apps.fault.kinds.${kind}`)}
                    </option>
                  ))}
                </Select>
                <IconButton
                  size="sm"
                  className="ml-auto"
                  label={t('schema.remove', { name: `${index + 1}. ${t(`apps.fault.kinds.${fault.kind}`)}` })}
                  onClick={() => onChange(faults.toSpliced(index, 1))}
                >
                  <Trash2 aria-hidden className="size-4" />
                </IconButton>
              </div>
              <p className="text-xs text-ink-3">{t(`apps.fault.means.${fault.kind}`)}</p>
              <FaultFields {...part} />
              <FaultRule {...part} actions={actions} />
            </li>
          );
        })}
      </ol>
      <div>
        <Button
          size="sm"
          icon={<Plus aria-hidden className="size-3.5" />}
          onClick={() => {
            onChange([...faults, newFault(`new-${made}`)]);
            setMade(made + 1);
          }}
        >
          {t('apps.fault.add')}
        </Button>
      </div>
    </div>
  );
}
