import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import { toolsWithout, verdicts, type NamedServer, type ToolRule, type Verdict } from './tool-rules.ts';

interface NewToolRuleProps {
  servers: readonly NamedServer[];
  rules: readonly ToolRule[];
  isBusy: boolean;
  onSay: (server: string, tool: string, verdict: Verdict) => void;
}

/** Says something of a tool before a model asks for it. */
export function NewToolRule({ servers, rules, isBusy, onSay }: NewToolRuleProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const [server, setServer] = useState('');
  const [tool, setTool] = useState('');
  const [verdict, setVerdict] = useState<Verdict>('ask');
  const items = useQuery(trpc.servers.items.queryOptions({ id: server }, { enabled: server !== '' }));
  const names = items.data?.tools.map(({ name }) => name) ?? [];
  const free = server === '' ? [] : toolsWithout(rules, server, names);
  const problem = server !== '' && items.error ? toFailure(items.error).message : null;
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSay(server, tool, verdict);
        setTool('');
      }}
    >
      <Field label={t('common.server')} className="min-w-36 flex-1" error={problem}>
        <Select
          value={server}
          onChange={({ target }) => {
            setServer(target.value);
            setTool('');
          }}
        >
          <option value="">{t('conversations.rules.choose')}</option>
          {servers.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('conversations.rules.tool')} className="min-w-36 flex-1">
        <Select
          value={tool}
          disabled={server === '' || items.isPending}
          onChange={({ target }) => setTool(target.value)}
        >
          <option value="">{t('conversations.rules.choose')}</option>
          {free.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('conversations.rules.models')} className="min-w-36">
        <Select
          value={verdict}
          onChange={({ target }) => setVerdict(verdicts.find((each) => each === target.value) ?? 'ask')}
        >
          {verdicts.map((each) => (
            <option key={each} value={each}>
              {t(`conversations.rules.verdict.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit" look="primary" disabled={tool === ''} busy={isBusy}>
        {t('conversations.rules.add')}
      </Button>
    </form>
  );
}
