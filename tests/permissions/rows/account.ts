import { commonPassword } from '../../support/people.ts';
import { byId, none, wrong } from './kit.ts';
import type { Rows } from './row.ts';

export const trpc: Rows = {
  'account.get': { circle: 'signedIn', say: none },
  'account.update': { circle: 'people', say: () => ({ input: {} }) },
  'account.changePassword': {
    circle: 'people',
    say: () => ({ input: { currentPassword: commonPassword, newPassword: commonPassword } }),
  },
  'account.sessions': { circle: 'unconfined', say: none },
  'account.endSession': { of: 'session', circle: 'memberOrAdmin', say: byId, fresh: true },
  'account.endOtherSessions': { elsewhere: 'ends what the other rows need: requests.test.ts' },
  'account.enrolTotp': { circle: 'people', say: () => ({ input: wrong }) },
  'account.confirmTotp': { circle: 'people', say: () => ({ input: { code: '000000' } }) },
  'account.removeTotp': { circle: 'people', say: () => ({ input: wrong }) },
  'account.renewRecoveryCodes': { circle: 'people', say: () => ({ input: wrong }) },
};

export const rest: Rows = {
  'hub.mfa.enable': { circle: 'people', say: () => ({ input: wrong }) },
  'hub.mfa.verify': { circle: 'people', say: () => ({ input: { code: '000000' } }) },
  'hub.mfa.disable': { circle: 'people', say: () => ({ input: wrong }) },
};
