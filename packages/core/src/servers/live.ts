import type { LiveRule, LiveRules } from '../live.ts';

function idOf(event: { id: string }): string {
  return event.id;
}

const stale = {
  invalidates: ['servers.list', 'system.overview', 'generatedTools.list'],
  ofOne: { id: idOf, invalidates: ['servers.get', 'servers.items', 'servers.versions', 'generatedTools.get'] },
} satisfies Pick<LiveRule<{ type: 'server.changed'; id: string }>, 'invalidates' | 'ofOne'>;

const changed = { ...stale, sees: () => true, server: idOf };

export const serverLive: LiveRules<'server.created' | 'server.changed' | 'server.removed'> = {
  'server.created': changed,
  'server.changed': changed,
  // Nobody sees the server any more: those who saw it before get the event.
  'server.removed': { ...stale, sees: (_ctx, { id }, sight) => sight.knew(id) },
};
