import { usualSignIn } from '@switchboard/core/servers/schema';
import type { Server } from '../../lib/api-types.ts';
import { fromPairs, toPairs, type Pair } from '../../ui/form/pairs-editor.tsx';

type Settings = NonNullable<Server['signIn']>;

/** How people sign in, as it stands in the form. */
export interface SignInDraft extends Pick<Settings, 'who' | 'sendResource' | 'assumePkce'> {
  issuer: string;
  clientId: string;
  scopes: string;
  audience: string;
  parameters: Pair[];
}

export function toSignInDraft(settings: Server['signIn']): SignInDraft {
  const { issuer, clientId, scopes, audience, parameters, ...plain } = settings ?? usualSignIn;
  return {
    ...plain,
    issuer: issuer ?? '',
    clientId: clientId ?? '',
    scopes: (scopes ?? []).join(' '),
    audience: audience ?? '',
    parameters: toPairs(parameters),
  };
}

export function emptySignIn(): SignInDraft {
  return toSignInDraft(null);
}

/** What is sent; nothing where all is as usual. */
export function toSignInSettings({
  issuer,
  clientId,
  scopes,
  audience,
  parameters,
  ...plain
}: SignInDraft): Server['signIn'] {
  const words = scopes.split(/\s+/).filter((word) => word !== '');
  const settings = {
    ...plain,
    issuer: issuer.trim() || null,
    clientId: clientId.trim() || null,
    scopes: words.length === 0 ? null : words,
    audience: audience.trim() || null,
    parameters: fromPairs(parameters),
  };
  const isUsual = Object.entries(usualSignIn).every(
    ([name, usual]) => JSON.stringify(Reflect.get(settings, name)) === JSON.stringify(usual),
  );
  return isUsual ? null : settings;
}
