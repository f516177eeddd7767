/** A browser as far as signing in needs one: it keeps cookies by path and follows no redirect by itself. */
export interface Browser {
  fetch(url: string | URL, init?: RequestInit): Promise<Response>;
  /** What it would send there. */
  cookies(url: string | URL): string;
}

interface Cookie {
  name: string;
  value: string;
  path: string;
}

function readSetCookie(text: string): { cookie: Cookie; isGone: boolean } {
  const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const path = attributes.find((part) => /^path=/i.test(part))?.slice('path='.length) ?? '/';
  const isGone = attributes.some((part) => /^max-age=0$/i.test(part) || /^expires=.*1970/i.test(part));
  return { cookie: { name: pair.slice(0, at), value: pair.slice(at + 1), path }, isGone };
}

function isWithin(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

export function createBrowser(): Browser {
  let jar: Cookie[] = [];
  function cookies(url: string | URL) {
    const { pathname } = new URL(url);
    return jar
      .filter(({ path }) => isWithin(pathname, path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
  return {
    cookies,
    async fetch(url, init = {}) {
      const headers = new Headers(init.headers);
      const sent = cookies(url);
      if (sent !== '') headers.set('cookie', sent);
      const response = await fetch(url, { ...init, headers, redirect: 'manual' });
      for (const text of response.headers.getSetCookie()) {
        const { cookie, isGone } = readSetCookie(text);
        jar = jar.filter(({ name, path }) => name !== cookie.name || path !== cookie.path);
        if (!isGone) jar.push(cookie);
      }
      return response;
    },
  };
}
