import { useTranslation } from 'react-i18next';
import type { McpScope } from '../../lib/api-types.ts';

/** What a scope means in words. */
export function useScopeWords() {
  const { t } = useTranslation();
  return (scope: McpScope): { label: string; hint: string } => {
    const word = scope === 'mcp:read' ? 'read' : 'call';
    return { label: t(`oauth.scope.${word}`), hint: t(`oauth.scopeHint.${word}`) };
  };
}
