/** What stands in a reason: a word or number of the hub's, what somebody else wrote, or a reason again. */
export type ReasonParam = string | number | Reason;

/**
 * Why something is as it is, in a form that can be told in any language: a code that stays the same, what it speaks of,
 * and English.
 */
export interface Reason {
  code: string;
  params: Readonly<Record<string, ReasonParam>>;
  text: string;
}

type NamesIn<Text extends string> = Text extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

type Arguments<Text extends string> = [NamesIn<Text>] extends [never]
  ? []
  : [params: Readonly<Record<NamesIn<Text>, ReasonParam>>];

/** Makes reasons of a table of sentences by code; `{{name}}` stands for a parameter, which the caller has to give. */
export type Say<Table extends Readonly<Record<string, string>>> = <Code extends keyof Table & string>(
  code: Code,
  ...params: Arguments<Table[Code]>
) => Reason;

/**
 * A function that makes reasons of these sentences. The text of a parameter is not looked at for names of others, and
 * not cut: what a server wrote may hold a secret, which is taken out first (`upstream/hidden.ts`).
 */
export function sayFrom<const Table extends Readonly<Record<string, string>>>(table: Table): Say<Table> {
  // What may be done is asked thousands of times for one answer, and refused without parameters.
  const plain = new Map<string, Reason>();
  return (code, ...[params]) => {
    const sentence = table[code] ?? '';
    if (params) return { code, params, text: filled(sentence, params) };
    const made = plain.get(code) ?? { code, params: {}, text: sentence };
    plain.set(code, made);
    return made;
  };
}

function filled(sentence: string, params: Readonly<Record<string, ReasonParam>>): string {
  return sentence.replace(/\{\{(\w+)\}\}/g, (_, name: string, at: number) => {
    const param = params[name] ?? '';
    if (typeof param !== 'object') return String(param);
    return at === 0 ? param.text.charAt(0).toUpperCase() + param.text.slice(1) : param.text;
  });
}

/** The same with each text in it changed, at any depth: to take secrets out. */
export function mapReason(why: Reason, change: (text: string) => string): Reason;
export function mapReason(why: Reason | string, change: (text: string) => string): Reason | string;
export function mapReason(reason: Reason | string, change: (text: string) => string): Reason | string {
  if (typeof reason === 'string') return change(reason);
  const params = Object.entries(reason.params).map(([name, param]): [string, ReasonParam] => {
    if (typeof param === 'number') return [name, param];
    return [name, typeof param === 'string' ? change(param) : mapReason(param, change)];
  });
  return { code: reason.code, params: Object.fromEntries(params), text: change(reason.text) };
}

/** The English of a reason, or a text that has none. */
export function textOf(why: Reason | string): string {
  return typeof why === 'string' ? why : why.text;
}

/** The reason that an error carries, or its words. */
export function whyOf(error: unknown): Reason | string {
  return reasonOf(error) ?? (error instanceof Error ? error.message : String(error));
}

/** The reason that an error carries; null where it was put into words only. */
export function reasonOf(error: unknown): Reason | null {
  return error instanceof Error && 'reason' in error ? (error.reason as Reason | null) : null;
}

/** What the runtime says of servers and calls. */
export const runtimeSentences = {
  answerLost: 'The answer was lost: {{reason}}',
  asleep: 'Server is asleep and starts with the next call',
  brokeOff: 'The answer broke off: {{reason}}',
  brokeOffForGood: 'The answer broke off and could not be taken up again: {{reason}}',
  cancelled: 'Request cancelled',
  caUnreadable:
    'A certificate is not trusted, and the program cannot use the file of NODE_EXTRA_CA_CERTS: let its account read {{file}}.',
  certificateBetween:
    'A certificate between here and {{host}} is not trusted: set {{variable}} to a file with the certificate of its authority.',
  certificateExpired: 'The certificate of {{host}} has expired, or the clock of this machine is wrong.',
  certificateName: 'The certificate of {{host}} is for another name.',
  certificateUntrusted:
    'The certificate of {{host}} is not trusted ({{code}}): set NODE_EXTRA_CA_CERTS of the hub to a file with the certificate of its authority.',
  closed: 'The connection to the server is closed.',
  closedByServer: 'The server closed the connection',
  commandMissing: 'The command "{{command}}" was not found: install it where the hub runs, or give its full path.',
  containerEnded: '{{how}}.',
  containerEndedSaying: '{{how}}: {{reason}}',
  containerExited: 'The container ended with exit code {{code}}',
  containerGone: 'The container ended, or its engine went away',
  containerOutOfMemory: 'The container used more than its {{megabytes}} MB of memory and was ended',
  disabled: 'Server is disabled',
  diskFull: 'The disk is full (ENOSPC).',
  doesNotStart: 'it does not start',
  downloading: 'Downloading the package',
  echo: 'It only sends back what it is sent, so it is probably no MCP server',
  either: '{{first}} {{transport}} does not work there either: {{reason}}',
  eitherSame: '{{first}} {{transport}} does not work there either. Is the URL that of its MCP endpoint?',
  endedBy: 'The program was ended by {{signal}}.',
  endedBySaying: 'The program was ended by {{signal}}: {{reason}}',
  endedEarly: 'It ended by itself before it spoke MCP: look at its arguments, and whether it is a server for stdio.',
  exited: 'The program ended with exit code {{code}}.',
  exitedSaying: 'The program ended with exit code {{code}}: {{reason}}',
  failed: 'Server failed',
  fillAgain: 'Server {{id}} refused the credentials of your own. Correct them here, then call again: {{url}}',
  fillFirst: 'Server {{id}} needs credentials of your own first. Fill them in here, then call again: {{url}}',
  gone: 'Server {{id}} is not here any more',
  heldBack: 'The hub ended again and again while it started this server. It is held back until somebody starts it.',
  hostEnded: '{{host}} ended the connection before its answer was complete.',
  hostUnknown: 'The host name of {{host}} is not known.',
  mayNotUse: 'npm may not use {{file}} ({{code}}).',
  nameUnresolved:
    'The name {{host}} cannot be resolved here: this machine is offline, or reaches it only through a proxy (HTTPS_PROXY).',
  needsProgram: 'The program needs {{command}}, which is not installed here.',
  needsSignIn: 'Server needs a sign-in',
  noAnswer: 'The server gave no answer and no progress for {{seconds}} s',
  nobodyFits: 'It refused what people filled in for it',
  nobodyYet: 'Nobody has signed in to it or filled in credentials for it yet',
  noConnection: '{{host}} does not answer: the connection could not be made in time.',
  noExecutable: 'The package has no program that can be started this way: look at its name and its arguments.',
  noHttp: 'What answers at {{host}} does not speak HTTP ({{reason}}).',
  noJsonRpc: 'The server answered with something that is no JSON-RPC message.',
  noLookup: 'The host name of {{host}} could not be looked up: the name service does not answer.',
  noMcp: 'The server answered with {{type}} instead of JSON or an event stream: is the URL that of its MCP endpoint?',
  noModule: 'Python has no module {{name}}: install its package here, or start it with uvx.',
  noPackage: '{{tool}} knows no package {{name}}: look at its name, and which registry is asked.',
  noPackageAt: 'npm knows no package {{name}}: {{host}} does not have it, or does not show it here.',
  noReply: 'The server ended its answer without a reply to the request.',
  noRoom: 'The system has no room for another process ({{code}}).',
  noRoute: 'There is no route to {{host}}.',
  notAvailable: 'Server {{id}} is not available: {{reason}}',
  notCached: 'The package is not in the cache, and the package manager was told not to download.',
  nothingAnswers: 'Nothing answers at {{host}}: the connection was refused.',
  notInstalled:
    '{{command}} is not installed here: it comes with {{product}}. Install that where the hub runs, or give its full path.',
  noTls: 'What answers at {{host}} does not speak TLS: its address may have to begin with http://.',
  notReached: '{{host}} could not be reached: {{reason}}',
  noVersion: '{{tool}} finds no version for {{name}}: look which ones there are.',
  ofServer: 'Server {{id}}: {{reason}}',
  programMissing: 'The program {{command}} does not exist, or the interpreter named in its first line does not.',
  proxyEnded: 'The proxy {{proxy}} ended the connection before it answered.',
  proxyFails: 'The proxy {{proxy}} answered {{status}}: it could not reach {{host}}.',
  proxyForbids: 'The proxy {{proxy}} answered {{status}}: it does not let the hub reach {{host}}.',
  proxyName: 'The certificate of the proxy {{proxy}} is for another name.',
  proxySignIn: 'The proxy on the way wants a sign-in (407): put its user and password into HTTPS_PROXY.',
  proxySilent: 'The proxy {{proxy}} takes the connection and does not answer.',
  proxyWantsSignIn:
    'The proxy {{proxy}} answered {{status}}: it wants a sign-in, so its address needs a user and a password that it knows.',
  redirects: 'The server redirects to {{url}} (HTTP {{status}}): use that address.',
  refused: 'The server refused the message with HTTP {{status}}.',
  refusedFor: 'The server refused the message with HTTP {{status}}. Try again in {{seconds}} s.',
  refusedForSaying: 'The server refused the message with HTTP {{status}}: {{reason}} Try again in {{seconds}} s.',
  refusedSaying: 'The server refused the message with HTTP {{status}}: {{reason}}',
  registrySignIn: 'The registry {{host}} wants a sign-in ({{code}}).',
  replicaLetGo: 'Replica {{slot}} of the server is in use no more',
  replicaReplaced: 'Replica {{slot}} of the server ended; the swarm starts another',
  running: 'Server is running',
  runningBut: 'Server is running, but {{reason}}',
  sentSignIn: 'The server wants a sign-in (HTTP {{status}}).',
  sentSignInFor: 'The server wants a sign-in (HTTP {{status}}). Try again in {{seconds}} s.',
  sentSignInForSaying: 'The server wants a sign-in (HTTP {{status}}): {{reason}} Try again in {{seconds}} s.',
  sentSignInSaying: 'The server wants a sign-in (HTTP {{status}}): {{reason}}',
  signInToServer: 'Server {{id}} wants you to sign in first. Do that here, then call again: {{url}}',
  signInAddress:
    'The authorization server gives {{url}} as its {{name}}, which is no address that anybody may be sent to.',
  signInAnswer: 'The authorization server gave an answer that cannot be used: {{reason}}.',
  signInClient:
    '{{issuer}} does not let the hub register itself: register it there with the address {{url}}, and give its client id in the settings of the server.',
  signInClientFlow:
    'The hub signs in to this server by itself and needs a client id: give one in the settings of the server.',
  signInFailed: 'The authorization server could not be asked: {{reason}}',
  signInForMore: 'Server {{id}} wants you to sign in again and agree to more. Do that here, then call again: {{url}}',
  signInIssuer:
    'The answer says that it is from {{received}}, but {{expected}} was asked. It was not used: it may be an attack.',
  signInKey: 'The private key of the client is none that can sign: give a key of RSA or of an elliptic curve, as PEM.',
  signInMoved:
    'The server now names {{now}} as its authorization server, and the client id was given for {{before}}. If that is right, give the address of the authorization server in the settings.',
  signInNoMetadata: 'The server names {{issuer}} as its authorization server, which has no metadata.',
  signInOver: 'The sign-in is over: sign in again.',
  signInPkce:
    '{{issuer}} does not say that it checks PKCE with S256, so somebody else could use what it answers. Where it does check it, say so in the settings of the server.',
  signInRefused: 'The authorization server refused: {{reason}}',
  signInRegistration: 'The authorization server refused to register the hub: {{reason}}',
  signInResource: 'The server at {{url}} says that its tokens are for {{resource}}, which is another server.',
  signInSlash:
    'The authorization server calls itself {{received}}, but {{expected}} was asked: one has a slash at its end. Give {{received}} as the address of the authorization server in the settings.',
  signInSites:
    '{{issuer}} sends people to {{page}} and what they get there to {{token}}: it could be after their access there. If that is right, give the address of the authorization server in the settings.',
  silent: 'The server gave no answer within {{seconds}} s.',
  starting: 'Server is starting',
  stopped: 'Server is stopped',
  stopping: 'Server is stopping',
  strayLine: 'It wrote "{{line}}" where only messages of MCP may stand: is it a server for stdio?',
  streamBrokeOff: 'The event stream broke off: {{reason}}',
  switchedOff: 'Server {{id}} is disabled; enable it first',
  switchedStopped: 'Server {{id}} is stopped; start it first',
  theProxy: 'the proxy {{proxy}}',
  tooLong:
    'The server did not finish its start in {{seconds}} s. Look at its log, and whether it needs the network for its first run.',
  tooLongBecause: 'The server did not finish its start in {{seconds}} s: {{reason}}',
  tooLongRemote: 'The server did not finish its start in {{seconds}} s. Look whether an MCP server answers at its URL.',
  unreachable: '{{host}} cannot be reached ({{code}}): this machine is offline, or needs a proxy (HTTPS_PROXY).',
  untold: 'Server {{id}} is not available now. Those who may read its log see why.',
  wantsSignIn: 'it wants a sign-in',
} as const;

export type RuntimeReasonCode = keyof typeof runtimeSentences;

/** Makes a reason of the runtime's. */
export const say = sayFrom(runtimeSentences);
