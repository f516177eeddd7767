import { z } from 'zod';
import { roles } from '@switchboard/db/words';
import { readUsername } from './usernames.ts';

export { roles };

export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** Letters of any script; read into the form in which it is kept. */
export const Username = z
  .string()
  .meta({
    description: 'Letters of one script (any), digits and `. _ @ -`, at most 64; unique whatever its case',
  })
  .transform((given, issues) => {
    const read = readUsername(given);
    if ('name' in read) return read.name;
    issues.addIssue({ code: 'custom', message: read.problem });
    return z.NEVER;
  });
export const Password = z
  .string()
  .min(8, 'must have at least 8 characters')
  .max(512, 'must have at most 512 characters');

/** Passwords that everybody tries first. */
const tooCommon: ReadonlySet<string> = new Set([
  'password',
  'password1',
  'password12',
  'password123',
  'passw0rd',
  'p@ssw0rd',
  'p@ssword',
  '12345678',
  '123456789',
  '1234567890',
  '0123456789',
  '87654321',
  '11111111',
  '00000000',
  '88888888',
  '66666666',
  'abc12345',
  'abcd1234',
  '1q2w3e4r',
  '1qaz2wsx',
  'qwertyui',
  'qwertyuiop',
  'qwerty123',
  'asdfghjkl',
  'iloveyou',
  'sunshine',
  'princess',
  'football',
  'baseball',
  'superman',
  'trustno1',
  'letmein1',
  'welcome1',
  'welcome123',
  'admin123',
  'admin1234',
  'administrator',
  'changeme',
  'changeme123',
  'switchboard',
  'woaini1314',
  '5201314520',
]);

/** A password that somebody chooses now. */
export const NewPassword = Password.refine(
  (password) => !tooCommon.has(password.toLowerCase()),
  'is one of the first that everybody tries; choose another',
);

export const Login = z.object({
  username: z.string().min(1, 'is required').max(256),
  password: z.string().min(1, 'is required').max(1_024),
  mfaCode: z.string().max(16).optional(),
});
export type Login = z.infer<typeof Login>;

export interface UserView {
  id: string;
  username: string;
  role: Role;
  permissions: string[];
}

export interface LoginResult {
  user: UserView;
  /** Access JWT. */
  token: string;
  refreshToken: string;
  expiresIn: number;
  /** `id` is the cookie's value: it goes nowhere else. */
  session: { id: string; sid: string; expiresAt: Date };
  /** Nothing else is allowed until the password is changed. */
  mustChangePassword: boolean;
}

export const Refresh = z.object({ refreshToken: z.string().min(1, 'is required').max(512) });
export const Logout = z.object({ refreshToken: z.string().max(512).optional() });
/** `token`: the access token of the request, whose expiry is in the answer. */
export const Verify = z.object({ token: z.string().max(8_192).optional() });

/** A short-lived access token without a refresh token. */
export interface AccessToken {
  token: string;
  expiresIn: number;
  user: UserView;
}

export type RefreshResult = Omit<LoginResult, 'session'>;

export interface Verified {
  valid: true;
  user: UserView;
  /** Null where it does not end by itself. */
  expiresAt: Date | null;
}

export const Explain = z.object({
  /** Id or name of a user; absent = oneself. */
  user: z.string().max(256).optional(),
  server: z.string().min(1).max(256),
});
export const ExplainUser = z.object({ user: z.string().max(256).optional() });

/** One reason for a right: the role, ownership, visibility or a group. */
export interface Reason {
  by: 'admin' | 'owner' | 'everyone' | 'group';
  /** The group that gives it. */
  group: string | null;
  /** The group whose member the user is, where the right comes from one above it. */
  through: string | null;
  gives: ('read' | 'execute' | 'write')[];
}

/** The rights of a person at a server, with reasons. */
export interface Explanation {
  userId: string;
  serverId: string;
  serverName: string;
  read: boolean;
  execute: boolean;
  write: boolean;
  reveal: boolean;
  /** Tools that may be called where not all may; null = all. */
  tools: { mode: 'only' | 'except'; names: string[] } | null;
  because: Reason[];
  /** The reasons that keep a given right from applying. */
  but: Obstacle[];
}

export type Obstacle =
  | { what: 'account_disabled' | 'password_due' | 'viewer' | 'server_private' | 'own_endpoint_only' }
  | { what: 'server_off'; desired: 'disabled' | 'stopped' }
  /** The group itself gives less than the server's place in it. */
  | { what: 'group_gives_less'; group: string; lost: ('read' | 'execute' | 'write')[] }
  | { what: 'group_without_tools'; group: string };

export interface UserExplanation {
  userId: string;
  username: string;
  role: Role;
  grants: string[];
  groups: { id: string; role: 'member' | 'manager'; through: string | null }[];
  servers: Explanation[];
}
