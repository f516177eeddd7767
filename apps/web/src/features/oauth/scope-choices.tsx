import { useTranslation } from 'react-i18next';
import type { McpScope } from '../../lib/api-types.ts';
import { Choices } from '../../ui/form/choices.tsx';
import { useScopeWords } from './use-scope-words.ts';

interface ScopeChoicesProps {
  /** The kinds of deeds there are to choose from. */
  asked: readonly McpScope[];
  value: readonly McpScope[];
  onChange: (scopes: McpScope[]) => void;
}

/** What a program may do, by kind. */
export function ScopeChoices({ asked, value, onChange }: ScopeChoicesProps) {
  const { t } = useTranslation();
  const wordsOf = useScopeWords();
  return (
    <Choices
      legend={t('oauth.may')}
      hint={t('oauth.mayHint')}
      value={value}
      onChange={(chosen) => onChange(asked.filter((scope) => chosen.includes(scope)))}
      options={asked.map((scope) => {
        const { label, hint } = wordsOf(scope);
        return { value: scope, label, hint };
      })}
    />
  );
}
