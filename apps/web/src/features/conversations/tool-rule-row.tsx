import { Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Badge, type Tone } from '../../ui/feedback/badge.tsx';
import { IconButton } from '../../ui/form/button.tsx';
import { Select } from '../../ui/form/input.tsx';
import { verdicts, type ToolRule, type Verdict } from './tool-rules.ts';

const tones: Record<Verdict, Tone> = { allow: 'ok', ask: 'warn', deny: 'bad' };

interface ToolRuleRowProps {
  rule: ToolRule;
  canChange: boolean;
  isBusy: boolean;
  onSay: (verdict: Verdict | null) => void;
}

/** What is said of one tool, to be changed or taken back. */
export function ToolRuleRow({ rule: { tool, verdict }, canChange, isBusy, onSay }: ToolRuleRowProps) {
  const { t } = useTranslation();
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 last:border-0">
      <code className="min-w-32 flex-1 font-mono text-sm break-all">{tool}</code>
      {!canChange && <Badge tone={tones[verdict]}>{t(`conversations.rules.verdict.${verdict}`)}</Badge>}
      {canChange && (
        <span className="flex items-center gap-1">
          <Select
            compact
            aria-label={t('conversations.rules.of', { tool })}
            value={verdict}
            disabled={isBusy}
            onChange={({ target }) => {
              const chosen = verdicts.find((each) => each === target.value);
              if (chosen) onSay(chosen);
            }}
          >
            {verdicts.map((each) => (
              <option key={each} value={each}>
                {t(`conversations.rules.verdict.${each}`)}
              </option>
            ))}
          </Select>
          <IconButton
            size="sm"
            label={t('conversations.rules.takeBack', { tool })}
            disabled={isBusy}
            onClick={() => onSay(null)}
          >
            <Undo2 aria-hidden className="size-4" />
          </IconButton>
        </span>
      )}
    </li>
  );
}
