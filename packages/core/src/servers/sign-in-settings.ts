import { z } from 'zod';
import { signInWays } from '@switchboard/db/words';
import { badName, NoNul } from './fields.ts';

export { signInWays };

/** What of a client is secret: it stands among the server's secrets, under these names. */
export const clientSecretNames = ['client_secret', 'private_key'] as const;

const Issuer = NoNul(2_048).refine((value) => {
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === '';
}, 'must be the http:// or https:// address of an authorization server, without a query');
const oneWord = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const Scope = NoNul(256).regex(oneWord, 'must be one word without quotes, as scopes are');
const ParameterName = z.string().regex(/^[\w.-]{1,64}$/, "names must be letters, digits, '_', '.' or '-'");

/** How people sign in to a remote server. */
export const SignInSettings = z.strictObject({
  /** Each person for oneself, one for everybody, or the hub with credentials of its own. */
  who: z.enum(signInWays).default('person'),
  /** Where the authorization server is; null = the server says so. */
  issuer: Issuer.nullable().default(null),
  /** As it was registered there; null = the hub makes itself known. */
  clientId: NoNul(2_048).min(1).nullable().default(null),
  /** What is asked for whatever the server says; null = what it says. */
  scopes: z.array(Scope).max(64).nullable().default(null),
  /** What some providers want to know of a token's use. */
  audience: NoNul(2_048).min(1).nullable().default(null),
  /** Whether `resource` is sent, as the specifications say: some providers refuse it. */
  sendResource: z.boolean().default(true),
  /** Whether a provider that does not say so checks PKCE all the same. */
  assumePkce: z.boolean().default(false),
  /** Further parameters of the page that people are sent to. */
  parameters: z
    .record(ParameterName, NoNul(2_048), { error: badName })
    .refine((given) => Object.keys(given).length <= 16, 'must have at most 16 entries')
    .default({}),
});
export type SignInSettings = z.output<typeof SignInSettings>;
export type SignInWay = SignInSettings['who'];

/** What holds where nothing is set. */
export const usualSignIn: SignInSettings = SignInSettings.parse({});
