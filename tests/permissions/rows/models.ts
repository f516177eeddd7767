import { byId, none, nothingChanges } from './kit.ts';
import type { Place, Rows, Said } from './row.ts';

function inPath({ id }: Place): Said {
  return { params: { model_name: id } };
}
const draft = { draft: { baseUrl: 'http://127.0.0.1:9' } };

export const trpc: Rows = {
  'models.list': { circle: 'unconfined', say: none },
  'models.get': { model: 'see', say: byId },
  'models.create': { circle: 'groupMakers', say: () => ({ input: { name: 'demo', baseUrl: 'http://127.0.0.1:9' } }) },
  'models.update': { model: 'own', say: nothingChanges },
  'models.remove': { model: 'own', say: byId, fresh: true },
  'models.test': { model: 'use', say: byId },
  'models.testDraft': { circle: 'groupMakers', say: () => ({ input: draft }) },
  'models.offered': { circle: 'groupMakers', say: () => ({ input: draft }) },
  'models.use': { circle: 'unconfined', say: () => ({ input: {} }) },
  'models.budgets': { circle: 'unconfined', say: () => ({ input: {} }) },
  'models.setBudget': {
    circle: 'admins',
    nowhere: true,
    say: () => ({ input: { userId: 'ghost', period: 'day', measure: 'tokens', most: 1 } }),
  },
};

export const rest: Rows = {
  'agents.models.list': { circle: 'unconfined', say: none },
  'agents.models.get': { model: 'see', say: inPath },
  'agents.models.create': {
    circle: 'groupMakers',
    say: () => ({ input: { name: 'demo', base_url: 'http://127.0.0.1:9' } }),
  },
  'agents.models.update': { model: 'own', say: (place) => ({ ...inPath(place), input: {} }) },
  'agents.models.remove': { model: 'own', say: inPath, fresh: true },
};
