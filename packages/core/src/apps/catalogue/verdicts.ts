/** Parts of templates that look an indicator up; what nobody knows is clean. */

function verdictOf(kind: string, argument: string): string {
  return `{% assign known = state.indicators.${kind}[${argument}] %}{% assign verdict = known.verdict | default: 'clean' %}{% assign score = known.score | default: 0 %}`;
}

export const verdictOfIp = verdictOf('ips', 'arguments.ip');
export const verdictOfDomain = verdictOf('domains', 'arguments.domain');

/** Hashes are written in either case. */
export function verdictOfHash(argument: string): string {
  return `{% assign hash = arguments.${argument} | downcase %}${verdictOf('files', 'hash')}`;
}

/** The host of a URL decides. */
export function verdictOfUrl(argument: string): string {
  const host = `{% assign host = arguments.${argument} | split: '://' | last | split: '/' | first | split: ':' | first %}`;
  return `${host}${verdictOf('domains', 'host')}{% if known == nil %}${verdictOf('ips', 'host')}{% endif %}`;
}

/** How many of 90 engines found something, as a number in a template; `verdict` is known. */
export const detections = `{% assign malicious = 0 %}{% assign suspicious = 0 %}{% if verdict == 'malicious' %}{% assign malicious = 'number.int' | fake: 38, 66 %}{% assign suspicious = 4 %}{% elsif verdict == 'suspicious' %}{% assign malicious = 2 %}{% assign suspicious = 'number.int' | fake: 3, 9 %}{% endif %}{% assign harmless = 90 | minus: malicious | minus: suspicious %}`;
export const stats = `{"malicious": {{ malicious }}, "suspicious": {{ suspicious }}, "harmless": {{ harmless }}, "undetected": 0, "timeout": 0}`;
