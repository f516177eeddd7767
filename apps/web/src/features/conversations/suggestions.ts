import type { OfferedTool } from './types.ts';

const mostTools = 3;

/** What can be tried with these tools: the demo model calls the one that it is told to, others are asked about them. */
export function suggestionsFor(tools: readonly OfferedTool[], isDemo: boolean, askTools: string): string[] {
  const first = tools.toSorted((a, b) => Number(b.readOnly) - Number(a.readOnly)).slice(0, mostTools);
  if (!isDemo) return tools.length > 0 ? [askTools] : [];
  return [
    ...(tools.length > 0 ? [askTools] : []),
    ...first.map(({ name, example }) => `call ${name} ${JSON.stringify(example)}`),
  ];
}
