import type { Launch } from '@switchboard/mcp-runtime/types';
import { filledText, hasOwnHost, hasSlot, partsOfUrl, slotsIn, usesOf, valueFault } from './places.ts';

export type SlotValues = Readonly<Record<string, string>>;

function filledMap(map: Readonly<Record<string, string>>, values: SlotValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).map(([name, text]) => [name, filledText(text, (slot) => own(values, slot))]),
  );
}

function own(values: SlotValues, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** A URL with percent-encoded values in its path and query, and none anywhere else. */
function filledUrl(url: string, values: SlotValues): string {
  const { origin, sent, fragment } = partsOfUrl(url);
  function encoded(name: string): string | undefined {
    const value = own(values, name);
    return value === undefined ? undefined : encodeURIComponent(value);
  }
  return `${origin}${filledText(sent, encoded)}${fragment}`;
}

function headersOf(launch: Launch): Readonly<Record<string, string>> {
  if ('headers' in launch) return launch.headers;
  return launch.kind === 'container' && launch.transport.kind === 'http' ? (launch.transport.headers ?? {}) : {};
}

/** Whether each value can stand where its slot stands in this launch. */
export function fits(launch: Launch, values: SlotValues): boolean {
  const places = { headers: headersOf(launch), url: placesOf(launch).url };
  return Object.entries(values).every(([name, value]) => valueFault(value, usesOf(name, places)) === null);
}

/**
 * A launch with a person's values in the place of its slots: in variables, in values of headers, and in path and query of
 * its URL. Null where a slot has no value, or stands where none may: a variable that holds one can be named anywhere.
 */
export function filledLaunch(launch: Launch, values: SlotValues): Launch | null {
  const { env, url } = placesOf(launch);
  const texts = [...Object.values(env), ...Object.values(headersOf(launch)), url];
  const isWhole = texts.flatMap(slotsIn).every((name) => own(values, name) !== undefined);
  const isSafe = !hasSlot(url) || (hasOwnHost(url) && !hasSlot(partsOfUrl(url).fragment));
  return isWhole && isSafe ? putIn(launch, values) : null;
}

function placesOf(launch: Launch): { env: Readonly<Record<string, string>>; url: string } {
  if (launch.kind === 'stdio' || launch.kind === 'container') return { env: launch.env, url: '' };
  if (!('url' in launch)) return { env: {}, url: '' };
  const { proxies = 'none' } = launch;
  return { env: proxies === 'none' ? {} : proxies, url: launch.url };
}

function putIn(launch: Launch, values: SlotValues): Launch | null {
  switch (launch.kind) {
    case 'stdio':
      return { ...launch, env: filledMap(launch.env, values) };
    case 'sse':
    case 'streamable-http': {
      const { proxies = 'none', ...rest } = launch;
      return {
        ...rest,
        url: filledUrl(launch.url, values),
        headers: filledMap(launch.headers, values),
        ...(launch.proxies !== undefined && { proxies: proxies === 'none' ? proxies : filledMap(proxies, values) }),
      };
    }
    case 'container': {
      const { transport } = launch;
      const isHttp = transport.kind === 'http' && transport.headers !== undefined;
      return {
        ...launch,
        env: filledMap(launch.env, values),
        transport: isHttp ? { ...transport, headers: filledMap(transport.headers ?? {}, values) } : transport,
      };
    }
    default:
      return null;
  }
}
