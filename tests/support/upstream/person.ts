/** A browser in small: follows redirects with the cookies of each origin, until it is back at the hub. */
export interface Browser {
  /** Goes to an address and on, until nothing leads further. */
  go(url: string): Promise<{ url: string; status: number; text: string }>;
  /** Every address that it came by. */
  readonly seen: string[];
}

const mostHops = 20;

/** `hub` gets these headers with each request: who is signed in there. */
export function browserOf(hub: string, headers: Readonly<Record<string, string>>): Browser {
  const jars = new Map<string, Map<string, string>>();
  const seen: string[] = [];
  async function go(start: string): Promise<{ url: string; status: number; text: string }> {
    let url = start;
    for (let hop = 0; hop < mostHops; hop += 1) {
      seen.push(url);
      const { origin } = new URL(url);
      const jar = jars.get(origin) ?? new Map<string, string>();
      jars.set(origin, jar);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const own = origin === new URL(hub).origin ? headers : {};
      const response = await fetch(url, { redirect: 'manual', headers: { ...own, ...(cookie !== '' && { cookie }) } });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const at = pair.indexOf('=');
        jar.set(pair.slice(0, at), pair.slice(at + 1));
      }
      const text = await response.text();
      const next = response.headers.get('location');
      if (next === null || response.status < 300 || response.status > 399)
        return { url, status: response.status, text };
      url = new URL(next, url).href;
    }
    throw new Error(`It goes on and on: ${seen.slice(-3).join(' → ')}`);
  }
  return { go, seen };
}
