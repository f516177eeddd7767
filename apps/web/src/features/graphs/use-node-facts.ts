import { useTranslation } from 'react-i18next';
import type { GraphNode } from './drawing.ts';

/** What a node is in a few words: what carries it out, and what is special about it. */
export function useNodeFacts(): (node: GraphNode) => { main: string; more: string } {
  const { t } = useTranslation();
  return (node) => {
    const isHuman = node.kind === 'human';
    const main = node.is_subgraph
      ? t('graphs.facts.graph', { name: node.subgraph_name || '–' })
      : isHuman
        ? t('graphs.facts.person')
        : node.model_name || t('graphs.facts.noModel');
    const more = [
      ...(!node.is_subgraph && !isHuman && node.mcp_servers.length > 0
        ? [t('graphs.facts.servers', { count: node.mcp_servers.length })]
        : []),
      ...(node.handoffs > 0 ? [t('graphs.facts.handoffs', { count: node.handoffs })] : []),
      ...(node.global_output ? [t('graphs.facts.global')] : []),
    ];
    return { main, more: more.join(' · ') };
  };
}
