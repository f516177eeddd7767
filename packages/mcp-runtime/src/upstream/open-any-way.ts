import { say, whyOf } from '../reasons.ts';
import type { Catalog, CatalogNote, Launch, RemoteLaunch } from '../types.ts';
import type { Era } from '../versions.ts';
import { describeFailure } from './failures.ts';
import { openInstance, type Instance, type OpenInstanceOptions } from './instance.ts';
import { wayTo } from './launch-facts.ts';
import { LinkError, type OpenLink } from './link.ts';

type Transport = RemoteLaunch['kind'];

export interface OpenAnyWayOptions extends Omit<OpenInstanceOptions, 'eras' | 'notes'> {
  /** Eras to try, in order; null: those that servers of the transport may speak. */
  eras: readonly Era[] | null;
  /** The transport that answered before, where it was not the one of the launch. */
  answered?: Transport | null;
}

/** As people call them. */
const names: Readonly<Record<Transport, string>> = { sse: 'HTTP+SSE', 'streamable-http': 'Streamable HTTP' };

/** Refusals of a method or an address: what answers there may speak the other transport. */
const otherwise = new Set([400, 404, 405, 406, 410, 415, 501]);

/** How long the transport that was not registered may stay silent, before the failure of the other is reported. */
const signMs = 5_000;

/** The same address over the other transport, once it has been asked for: what is known of a launch goes by identity. */
const others = new WeakMap<Launch, RemoteLaunch>();
/** Launches at whose address the other transport answered. */
const answeredOtherwise = new WeakSet<Launch>();

function isRemote(launch: Launch): launch is RemoteLaunch {
  return launch.kind === 'sse' || launch.kind === 'streamable-http';
}

function otherOf(launch: RemoteLaunch): RemoteLaunch {
  const kind = launch.kind === 'sse' ? 'streamable-http' : 'sse';
  const other = others.get(launch) ?? { ...launch, kind };
  others.set(launch, other);
  return other;
}

/** Eras worth trying over a transport, in order: HTTP servers answer a stateless probe, programs may not. */
function erasOf(launch: Launch): Era[] {
  const way = wayTo(launch);
  if (way === 'sse') return ['legacy'];
  return way === 'streamable-http' ? ['modern', 'legacy'] : ['legacy', 'modern'];
}

function mayAnswerOtherwise(error: unknown, { kind }: Launch): boolean {
  if (!(error instanceof LinkError)) return false;
  if (error.code === 'http') return error.status !== null && otherwise.has(error.status);
  // An answer that is none of the transport has a status; a message with a fault has none.
  return error.code === 'protocol' && (kind === 'sse' || error.status !== null);
}

/** Why neither transport works: the first says what the settings ask for. */
function neither(first: unknown, second: unknown, over: Transport): unknown {
  if (!(first instanceof LinkError)) return first;
  if (second instanceof LinkError && second.code === 'unauthorized') return second;
  const { code, status, retryAfterSeconds } = first;
  const isSame = second instanceof LinkError && status !== null && second.message === first.message;
  const both = { first: whyOf(first), transport: names[over] };
  const why = isSame ? say('eitherSame', both) : say('either', { ...both, reason: whyOf(second) });
  return new LinkError(code, why, { retryAfterSeconds, ...(status !== null && { status }) });
}

/** The transport that a server was found to speak in an earlier run; null where that was the one of its settings. */
export function answeredBefore(catalog: Catalog | null): Transport | null {
  const detail = catalog?.notes?.find(({ reason }) => reason === 'other-transport')?.detail;
  return detail === 'sse' || detail === 'streamable-http' ? detail : null;
}

/** Opens an instance, and gives up soon where the address shows no sign that it speaks the transport. */
async function openPromptly(options: OpenInstanceOptions): Promise<Instance> {
  const { signal } = options;
  const controller = new AbortController();
  function abort(): void {
    controller.abort(signal.reason);
  }
  const silence = new LinkError('unreachable', say('silent', { seconds: signMs / 1000 }));
  const timer = setTimeout(() => controller.abort(silence), signMs).unref();
  function answers(): void {
    clearTimeout(timer);
  }
  const openLink: OpenLink = async (launch, context, events) => {
    const link = await options.openLink(launch, context, events);
    // Over HTTP+SSE a link is open once the server has said where messages go.
    if (launch.kind === 'sse') answers();
    return { ...link, send: (message, how) => link.send(message, how).then(answers) };
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await openInstance({ ...options, openLink, signal: controller.signal });
  } finally {
    answers();
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Opens an instance over the transport of its launch or, where what answers at the address refuses that, over the
 * other one of the two for URLs, which the instance then notes. Rejects as `openInstance`.
 */
export async function openAnyWay(options: OpenAnyWayOptions): Promise<Instance> {
  const { launch } = options.spec;
  function over(way: Launch): OpenInstanceOptions {
    return {
      ...options,
      spec: way === launch ? options.spec : { ...options.spec, launch: way },
      eras: options.eras ?? erasOf(way),
      notes: way === launch ? [] : [noteOf(way)],
    };
  }
  if (!isRemote(launch)) return openInstance(over(launch));
  const other = otherOf(launch);
  const otherFirst = answeredOtherwise.has(launch) || options.answered === other.kind;
  const [first, second] = otherFirst ? [other, launch] : [launch, other];
  try {
    return await openInstance(over(first));
  } catch (error) {
    if (options.signal.aborted || !mayAnswerOtherwise(error, first)) throw error;
    options.onLog('info', 'hub', `${describeFailure(error)} ${names[second.kind]} is tried.`);
    const again = otherFirst ? openInstance(over(second)) : openPromptly(over(second));
    const instance = await again.catch((failure: unknown) => {
      throw otherFirst ? neither(failure, error, other.kind) : neither(error, failure, other.kind);
    });
    if (otherFirst) answeredOtherwise.delete(launch);
    else answeredOtherwise.add(launch);
    return instance;
  }
}

function noteOf({ kind }: Launch): CatalogNote {
  return { type: 'server', name: null, effect: 'changed', reason: 'other-transport', detail: kind };
}
