import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { GraphNode } from './drawing.ts';

/** What carries a node out. */
function mainOf(node: GraphNode, t: TFunction): string {
  if (node.is_subgraph) return t('graphs.facts.graph', { name: node.subgraph_name || '–' });
  switch (node.kind) {
    case 'human':
      return t('graphs.facts.person');
    case 'condition':
      return t('graphs.facts.cases', { count: node.condition?.cases.length ?? 0 });
    case 'tool':
      return t('graphs.facts.tool', { name: node.tool?.name || '–' });
    case 'each':
      return t('graphs.facts.each', { count: node.each?.most ?? 0 });
    default:
      return node.model_name || t('graphs.facts.noModel');
  }
}

/** What a node is in a few words: what carries it out, and what is special about it. */
export function useNodeFacts(): (node: GraphNode) => { main: string; more: string } {
  const { t } = useTranslation();
  return (node) => {
    const isModel = !node.is_subgraph && (node.kind ?? 'agent') === 'agent';
    const main = mainOf(node, t);
    const more = [
      ...(isModel && node.mcp_servers.length > 0
        ? [t('graphs.facts.servers', { count: node.mcp_servers.length })]
        : []),
      ...(node.handoffs > 0 ? [t('graphs.facts.handoffs', { count: node.handoffs })] : []),
      ...(node.global_output ? [t('graphs.facts.global')] : []),
    ];
    return { main, more: more.join(' · ') };
  };
}
