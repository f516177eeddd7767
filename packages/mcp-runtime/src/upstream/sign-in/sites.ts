/** Domains below which everybody can have a host: two of those have nothing to do with each other. */
const shared = new Set(
  (
    'amazonaws.com amazoncognito.com appspot.com azure-api.net azurecontainerapps.io azurewebsites.net cloudapp.net ' +
    'cloudfront.net deno.dev deno.net firebaseapp.com fly.dev github.io gitlab.io hf.space herokuapp.com modal.run ' +
    'netlify.app ngrok.app ngrok.dev ngrok.io onrender.com pages.dev railway.app render.com repl.co replit.app ' +
    'replit.dev run.app sslip.io nip.io supabase.co trycloudflare.com vercel.app web.app windows.net workers.dev'
  ).split(' '),
);

/** The domain of a host that one owner has; the host itself where that is not certain. */
function ownedDomain(host: string): string {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.');
  const isAddress = host.startsWith('[') || /^\d+$/.test(labels.at(-1) ?? '');
  if (isAddress || labels.length < 3) return host;
  const [second = '', top = ''] = labels.slice(-2);
  // Such as co.uk and com.au.
  const isRegistry = top.length === 2 && second.length <= 3;
  const domain = labels.slice(isRegistry ? -3 : -2).join('.');
  return shared.has(domain) ? host : domain;
}

/** Whether two addresses are of one owner, as far as their hosts tell. */
export function isSameSite(one: string, other: string): boolean {
  const [a, b] = [new URL(one).hostname, new URL(other).hostname];
  return a === b || ownedDomain(a) === ownedDomain(b);
}
