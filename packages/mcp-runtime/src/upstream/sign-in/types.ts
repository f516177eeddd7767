import type { RemoteLaunch } from '../../launch.ts';
import type { Needed } from '../../personal.ts';
import type { Reason } from '../../reasons.ts';

/** What a server's owner says of its authorization server; nothing of it is needed where that keeps to the specifications. */
export interface SignInSettings {
  /** Whether a person signs in, or the hub shows credentials of its own. */
  flow: 'person' | 'client';
  /** Where the authorization server is; null = the server says so. */
  issuer: string | null;
  clientId: string | null;
  clientSecret: string | null;
  /** PKCS#8, for clients that sign (`private_key_jwt`). */
  privateKey: string | null;
  /** Scopes that are asked for whatever the server says; null = what it says. */
  scopes: readonly string[] | null;
  /** What some providers want in place of `resource`, or beside it. */
  audience: string | null;
  /** Whether `resource` is sent. */
  sendResource: boolean;
  /** Whether an authorization server that does not say so counts as one that checks PKCE. */
  assumePkce: boolean;
  /** Further parameters of the page that the person is sent to. */
  parameters: Readonly<Record<string, string>>;
}

/** How the hub is known to one authorization server. */
export interface UpstreamClient {
  issuer: string;
  /** Given by the owner, its own document, or registered by request. */
  kind: 'given' | 'document' | 'registered';
  clientId: string;
  clientSecret?: string | undefined;
  /** What it was registered with. */
  authMethod?: string | undefined;
  redirectUri?: string | undefined;
  /** When its secret ends, in epoch milliseconds. */
  expiresAt?: number | undefined;
  privateKey?: string | undefined;
}

/** What of an authorization server's metadata is used. */
export interface ServerMetadata {
  issuer: string;
  /** Whether it said so itself; false where its endpoints are only supposed. */
  stated: boolean;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  revocationEndpoint: string | null;
  authMethods: readonly string[];
  /** Whether each of its authorization responses has `iss`. */
  sendsIssuer: boolean;
}

/** What is kept of a sign-in from the moment the person leaves until they are back. Secret. */
export interface PendingSignIn {
  /** Where the server was, for which the person signs in. */
  url: string;
  server: ServerMetadata;
  client: UpstreamClient;
  verifier: string;
  redirectUri: string;
  resource: string | null;
  scope: string | null;
}

/** What the hub may use a server with. Secret. */
export interface UpstreamGrant {
  /** Where the server was that it is for. */
  url: string;
  server: ServerMetadata;
  client: UpstreamClient;
  resource: string | null;
  scope: string | null;
  /** What was asked for, which may be more than was granted. */
  asked: string | null;
  accessToken: string;
  refreshToken: string | null;
  /** Epoch milliseconds; null = not said. */
  expiresAt: number | null;
}

/** One thing that was done or found out in an attempt to sign in, without secrets. */
export interface SignInStep {
  what: 'challenge' | 'resource' | 'issuer' | 'client' | 'authorize' | 'answer' | 'token' | 'refresh' | 'revoke';
  url: string | null;
  status: number | null;
  /** What was found, or what was wrong, in a sentence. */
  note: string;
  ok: boolean;
}

/** What a server said when it wanted a sign-in. */
export interface Challenge {
  status: number;
  /** `WWW-Authenticate`. */
  header: string | null;
}

export interface SignInRequest {
  launch: RemoteLaunch;
  settings: SignInSettings;
  challenge: Challenge | null;
  /** What the person has been granted already: a step-up asks for both. */
  grantedScope: string | null;
  /** The issuer that a given client id was first used with, and is for alone; null = none yet. */
  pinned: string | null;
  signal: AbortSignal;
  /** Hears each step. */
  step: (step: SignInStep) => void;
}

export interface BeginRequest extends SignInRequest {
  redirectUri: string;
  /** Address of the hub's own client document; null = it has none that others can read. */
  documentUrl: string | null;
  state: string;
  /** The client that is registered with this authorization server. */
  known: (issuer: string) => Promise<UpstreamClient | null>;
}

type AfterDiscovery = Omit<SignInRequest, 'challenge' | 'grantedScope' | 'pinned'>;

export interface FinishRequest extends AfterDiscovery {
  pending: PendingSignIn;
  /** What the authorization server sent the person back with. */
  answer: URLSearchParams;
}

export interface RefreshRequest extends AfterDiscovery {
  grant: UpstreamGrant;
}

/** Who signs people in to a server; `isStated` where somebody says so. */
export interface IssuerNow {
  issuer: string;
  isStated: boolean;
}

/** What the hub does as a client of the authorization servers of others. Rejects with SignInError. */
export interface SignInProtocol {
  /** Finds the authorization server, is known to it, and says where to send the person. */
  begin(request: BeginRequest): Promise<{ url: string; pending: PendingSignIn }>;
  /** Checks what came back, and redeems it. */
  finish(request: FinishRequest): Promise<UpstreamGrant>;
  /** Credentials of the hub's own, without a person. */
  client(request: SignInRequest): Promise<UpstreamGrant>;
  refresh(request: RefreshRequest): Promise<UpstreamGrant>;
  /** Where the server says now that its authorization server is. */
  issuer(request: Omit<SignInRequest, 'grantedScope' | 'pinned'>): Promise<IssuerNow>;
  /** Tells the authorization server that the grant is not used any more, where it can be told. */
  revoke(request: RefreshRequest): Promise<void>;
}

/** Whose sign-in a link uses. */
export interface SignInOf {
  serverId: string;
  /** Null = the one that everybody uses. */
  person: string | null;
}

/** What the links ask for the `Authorization` of a request. */
export interface SignIns {
  /** Null = there is none. At once where nothing has to be fetched. */
  header(of: SignInOf): string | null | Promise<string | null>;
  /** The server refused what was sent; null = nothing was. Never rejects. */
  refused(of: SignInOf, challenge: Challenge, sent: string | null): Promise<AfterRefusal>;
  /** Where the person of a sign-in that is over signs in again. */
  needed(of: SignInOf): Needed;
}

/** `again`: with what `header` gives now it may be sent again. `sign-in`: the person has to. `never`: no sign-in helps. */
export type AfterRefusal = 'again' | 'sign-in' | 'never';

export type SignInFailure =
  /** Nothing is wrong with the grant or the settings: it may go another time. */
  | 'unreachable'
  /** The grant is over: the person has to sign in again. */
  | 'ended'
  /** The hub has to be given a client id. */
  | 'client'
  /** The authorization server forgot the hub. */
  | 'unknown-client'
  | 'refused'
  /** What came is not what was asked for, or not from whom. */
  | 'untrusted';

export class SignInError extends Error {
  override name = 'SignInError';
  readonly failure: SignInFailure;
  readonly reason: Reason;
  constructor(failure: SignInFailure, reason: Reason, cause?: unknown) {
    super(reason.text, { cause });
    this.failure = failure;
    this.reason = reason;
  }
}
