import { byId, none, nothingChanges } from './kit.ts';
import type { Place, Row, Rows, Said } from './row.ts';

function appInPath({ id }: Place): Said {
  return { params: { app_id: id } };
}
function tokenInPath({ id }: Place): Said {
  return { params: { token_id: id } };
}
function withBody(place: (at: Place) => Said, input: object) {
  return (at: Place): Said => ({ ...place(at), input });
}
/** Of a token of `member`. */
function ofToken(say: (place: Place) => Said): Row {
  return { of: 'token', circle: 'memberOrAdmin', say };
}
const names = { category: 'Things', name: 'open', displayName: 'Open' };

export const trpc: Rows = {
  'apps.list': { circle: 'unconfined', say: none },
  'apps.get': { app: 'see', say: byId },
  // The name is taken.
  'apps.create': { circle: 'notViewers', say: () => ({ input: names }) },
  'apps.update': { app: 'own', say: nothingChanges },
  'apps.remove': { app: 'own', say: byId, fresh: true },
  'apps.show': { elsewhere: 'makes a server for each: hub/app-servers.test.ts' },
  'apps.try': { app: 'use', say: ({ id }) => ({ input: { id, action: 'look' } }) },
  'apps.export': { circle: 'unconfined', say: () => ({ input: {} }) },
  'apps.import': { circle: 'notViewers', say: () => ({ input: { apps: [] } }) },
  'apps.draft.server': { circle: 'notViewers', nowhere: true, say: () => ({ input: { server: 'ghost' } }) },
  'apps.draft.openApi': { circle: 'notViewers', say: () => ({ input: { text: '{' } }) },
  'apps.draft.model': {
    circle: 'notViewers',
    nowhere: true,
    say: () => ({ input: { category: 'Things', name: 'made', displayName: 'Made', prompt: 'Look', model: 'ghost' } }),
  },
  'apps.pairs.list': { app: 'own', say: byId },
  'apps.pairs.ofCalls': { circle: 'notViewers', nowhere: true, say: () => ({ input: { server: 'ghost' } }) },
  'apps.pairs.add': {
    app: 'own',
    say: ({ id }) => ({ input: { id, pairs: [{ action: 'look', arguments: {}, result: { content: [] } }] } }),
  },
  'apps.pairs.remove': { app: 'own', say: byId },
  'apps.tokens.list': { circle: 'lookers', say: none },
  'apps.tokens.create': { circle: 'notViewers', say: () => ({ input: {} }) },
  'apps.tokens.update': ofToken(nothingChanges),
  'apps.tokens.setApps': ofToken(({ id }) => ({ input: { id, apps: [] } })),
  'apps.tokens.remove': { of: 'token', circle: 'memberOrAdmin', say: byId, fresh: true },
  'apps.state.get': { of: 'token', circle: 'memberOrAdminOrReadKey', say: byId },
  'apps.state.set': ofToken(({ id }) => ({ input: { id, state: null } })),
  'apps.state.snapshot': ofToken(({ id }) => ({ input: { id, name: 'before' } })),
  'apps.state.restore': { elsewhere: 'of snapshots: core/src/apps/state.test.ts' },
  'apps.state.forget': { elsewhere: 'of snapshots: core/src/apps/state.test.ts' },
  'apps.state.forgetCalls': ofToken(byId),
  'apps.prompts.list': { circle: 'admins', say: none },
  'apps.prompts.update': { circle: 'admins', nowhere: true, say: () => ({ input: { id: 'ghost', patch: {} } }) },
  'apps.logs': { circle: 'unconfined', say: () => ({ input: {} }) },
  'apps.clearLogs': { circle: 'admins', say: () => ({ input: {} }) },
};

const documented = { category: 'Things', name: 'open', display_name: 'Open' };

export const rest: Rows = {
  'simulator.auth.login': { open: true },
  'simulator.auth.logout': { open: true },
  'simulator.auth.changePassword': {
    circle: 'people',
    say: () => ({ input: { old_password: 'not this one', new_password: 'another good one' } }),
  },
  'simulator.apps.list': { circle: 'unconfined', say: none },
  'simulator.apps.create': { circle: 'notViewers', say: () => ({ input: documented }) },
  'simulator.apps.export': { circle: 'unconfined', say: none },
  'simulator.apps.import': { circle: 'notViewers', say: () => ({ input: { applications: [] } }) },
  'simulator.apps.generate': {
    circle: 'notViewers',
    nowhere: true,
    say: () => ({ input: { category: 'Things', name: 'made', prompt: 'Look', model: 'ghost' } }),
  },
  'simulator.apps.status': { circle: 'unconfined', say: none },
  'simulator.apps.get': { app: 'see', say: appInPath },
  'simulator.apps.update': { app: 'own', say: withBody(appInPath, {}) },
  'simulator.apps.patch': { app: 'own', say: withBody(appInPath, {}) },
  'simulator.apps.remove': { app: 'own', say: appInPath, fresh: true },
  'simulator.tokens.list': { circle: 'lookers', say: none },
  'simulator.tokens.create': { circle: 'notViewers', say: () => ({ input: {} }) },
  'simulator.tokens.update': ofToken(withBody(tokenInPath, {})),
  'simulator.tokens.apps': { of: 'token', circle: 'memberOrAdminOrReadKey', say: tokenInPath },
  'simulator.tokens.setApps': ofToken(withBody(tokenInPath, { app_ids: [] })),
  'simulator.tokens.remove': { of: 'token', circle: 'memberOrAdmin', say: tokenInPath, fresh: true },
  'simulator.prompts.list': { circle: 'admins', say: none },
  'simulator.prompts.get': { circle: 'admins', nowhere: true, say: () => ({ params: { prompt_id: 'ghost' } }) },
  'simulator.prompts.update': {
    circle: 'admins',
    nowhere: true,
    say: () => ({ params: { prompt_id: 'ghost' }, input: {} }),
  },
  'simulator.llm.get': { circle: 'admins', say: none },
  'simulator.llm.save': { circle: 'admins', say: () => ({ input: { api_base_url: 'http://127.0.0.1:9' } }) },
  'simulator.llm.test': { circle: 'admins', say: () => ({ input: { api_base_url: 'http://127.0.0.1:9' } }) },
  'simulator.logs.list': { circle: 'unconfined', say: none },
  'simulator.logs.clear': { circle: 'admins', say: none },
};
