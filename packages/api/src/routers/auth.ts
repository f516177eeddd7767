import type { Actor } from '@switchboard/core';
import { type Action, login, logout, may, toUserView } from '@switchboard/core/access';
import { Login } from '@switchboard/core/access/schema';
import { publicAppearance } from '@switchboard/core/configuration';
import { register } from '@switchboard/core/users';
import { Register } from '@switchboard/core/users/schema';
import type { ApiContext } from '../context.ts';
import { authed, open, router } from '../trpc.ts';

/** The rights that open or hide parts of the page before it knows any object. */
const shownRights = {
  listUsers: 'user.list',
  findUsers: 'user.find',
  createGroup: 'group.create',
  createServer: 'server.create',
  runProcess: 'server.run-process',
  publish: 'server.publish',
  manageContainers: 'container.manage',
  useServers: 'server.use',
  configureAudit: 'audit.configure',
  createKey: 'key.create',
  manageAlerts: 'alert.manage',
  readMetrics: 'metrics.read',
  manageWebhooks: 'webhook.manage',
  readJobs: 'job.read',
  readConfig: 'config.read',
  changeConfig: 'config.change',
  createModel: 'model.create',
  createGraph: 'graph.create',
  createApp: 'app.create',
  createAppToken: 'app-token.create',
  readSimulator: 'simulator.read',
  configureSimulator: 'simulator.configure',
} as const satisfies Record<string, Action>;

type ShownRight = keyof typeof shownRights;

function toUser(actor: Actor) {
  if (actor.type === 'local') return toUserView({ id: 'local', username: 'admin', role: 'admin' });
  if (actor.type === 'user') return toUserView(actor);
  return actor.type === 'key' ? toUserView({ ...actor, id: actor.userId }) : null;
}

function rightsOf(core: ApiContext['core']) {
  return Object.fromEntries(Object.entries(shownRights).map(([name, action]) => [name, may(core, action)])) as Record<
    ShownRight,
    boolean
  >;
}

function me({ core, instance, settings }: ApiContext) {
  const user = toUser(core.actor);
  const { adminsMayRead } = core.settings.now().conversations;
  return {
    user,
    /** True: only the account, its password and sign-out work until the password is changed. */
    mustChangePassword: user !== null && (core.access.directory.user(user.id)?.mustChangePassword ?? false),
    can: { ...rightsOf(core), inspectConversations: adminsMayRead && may(core, 'conversation.inspect') },
    /** Everybody who talks to models may know it. */
    adminsReadConversations: user !== null && adminsMayRead,
    authMode: settings.authMode,
    allowRegistration: core.settings.now().registration.allowed,
    appearance: publicAppearance(core),
    instance,
    /** The address of traces, for callers who signed in. */
    traceUrl: core.actor.type === 'anonymous' ? null : settings.traceUrl,
  };
}

export const auth = router({
  me: open.query(({ ctx }) => me(ctx)),
  login: open
    .meta({ alone: true })
    .input(Login)
    .mutation(async ({ ctx, input }) => {
      const { user, session, mustChangePassword } = await login(ctx.core, input);
      ctx.cookie.set(session.id, session.expiresAt);
      return { user: { id: user.id, username: user.username, role: user.role }, mustChangePassword };
    }),
  register: open
    .meta({ alone: true })
    .input(Register)
    .mutation(({ ctx, input }) => register(ctx.core, input)),
  logout: authed.mutation(async ({ ctx }) => {
    await logout(ctx.core, {});
    ctx.cookie.clear();
    return { ok: true };
  }),
});
