import { slotNamePattern, type Slot } from './schema.ts';

/** All that a server is made of, as far as slots may or may not stand in it. */
export interface SlotText {
  kind: string;
  command?: string | null | undefined;
  args?: readonly string[] | undefined;
  cwd?: string | null | undefined;
  env?: Readonly<Record<string, string>> | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  secrets?: Readonly<Record<string, string>> | undefined;
  url?: string | null | undefined;
  container?: unknown;
  isolation?: string | undefined;
  slots?: readonly Slot[] | undefined;
}

export interface SlotFault {
  path: (string | number)[];
  message: string;
}

const placeholder = /\$\{user:([^{}]*)\}/g;

/** What stands between `${user:` and `}` in a text, in its order. */
export function slotsIn(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name);
}

export function hasSlot(text: string): boolean {
  return text.includes('${user:');
}

/** A text with values in the place of its slots; a slot without a value stays as it is written. */
export function filledText(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replace(placeholder, (whole, name: string) => valueOf(name) ?? whole);
}

/** A URL as what comes before its path, what is sent of it, and what is not: its fragment. */
export function partsOfUrl(url: string): { origin: string; sent: string; fragment: string } {
  const start = url.indexOf('://');
  const from = start === -1 ? 0 : start + 3;
  const end = url.slice(from).search(/[/?#]/);
  const path = end === -1 ? url.length : from + end;
  const hash = url.indexOf('#', path);
  const sentEnd = hash === -1 ? url.length : hash;
  return { origin: url.slice(0, path), sent: url.slice(path, sentEnd), fragment: url.slice(sentEnd) };
}

/**
 * Whether a URL with slots has a host of its own before them. With more or fewer slashes, or with a backslash, a part of
 * the path is read as the host.
 */
export function hasOwnHost(url: string): boolean {
  return /^https?:\/\/[^/?#\\\s]+(?:[/?#]|$)/i.test(url) && !hasSlot(partsOfUrl(url).origin);
}

/** Headers by which a proxy before the upstream server decides where a request goes. */
export const routingHeader = /^(?:host|forwarded|x-forwarded-.+|x-original-.+|x-rewrite-url|:authority)$/i;

/** Variables that decide what a program loads and runs, or where its requests go. */
const leadingVariable =
  /^(?:LD_|DYLD_|NPM_CONFIG_|PIP_|UV_|PYTHON|PERL5|GIT_SSH|GIT_CONFIG)|^(?:PATH|ENV|BASH_ENV|SHELL|NODE_OPTIONS|NODE_PATH|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|DOTNET_STARTUP_HOOKS|RUBYOPT|RUBYLIB|GIT_EXEC_PATH)$|_PROXY$/i;

const kindsWithSlots = new Set(['stdio', 'sse', 'streamable-http', 'container']);
const allowed = 'in values of env and headers, and in path and query of the url';

/** What is wrong with the slots of a server, and with where they stand. */
export function slotFaults(draft: SlotText): SlotFault[] {
  const slots = draft.slots ?? [];
  const declared = new Set(slots.map(({ name }) => name));
  const faults: SlotFault[] = [];
  function refuse(path: SlotFault['path'], where: string): void {
    faults.push({ path, message: `must not have a slot \${user:NAME} ${where}: slots may stand ${allowed}` });
  }
  function check(path: SlotFault['path'], text: string): void {
    for (const name of slotsIn(text)) {
      if (declared.has(name)) continue;
      const why = slotNamePattern.test(name)
        ? `names the slot ${name}, which is not declared: add it to slots`
        : 'names a slot in a way that none can be called: ${user:NAME} takes letters, digits and _';
      faults.push({ path, message: why });
    }
  }
  for (const field of ['command', 'cwd'] as const) if (hasSlot(draft[field] ?? '')) refuse([field], 'in it');
  for (const [index, arg] of (draft.args ?? []).entries()) if (hasSlot(arg)) refuse(['args', index], 'in it');
  for (const [name, value] of Object.entries(draft.secrets ?? {}))
    if (hasSlot(value)) refuse(['secrets', name], 'in it');
  if (draft.container && hasSlot(JSON.stringify(draft.container)))
    refuse(['container'], 'in image, volumes or other settings');
  for (const field of ['env', 'headers'] as const) {
    const leading = field === 'env' ? leadingVariable : routingHeader;
    for (const [name, value] of Object.entries(draft[field] ?? {})) {
      check([field, name], value);
      if (hasSlot(value) && leading.test(name))
        refuse([field, name], 'in it, as it decides what runs or where it goes');
    }
  }
  const { origin, sent, fragment } = partsOfUrl(draft.url ?? '');
  if (hasSlot(draft.url ?? '') && (hasSlot(origin) || (hasSlot(sent) && !hasOwnHost(draft.url ?? '')))) {
    refuse(['url'], 'in its host');
  }
  if (hasSlot(fragment)) refuse(['url'], 'behind #, which is never sent');
  check(['url'], sent);
  if (slots.length === 0) return faults;
  if (!kindsWithSlots.has(draft.kind))
    faults.push({ path: ['slots'], message: `mean nothing to ${draft.kind} servers` });
  if (draft.isolation !== undefined && draft.isolation !== 'user')
    faults.push({
      path: ['isolation'],
      message: "must be 'user' for a server with slots: its instances belong to people",
    });
  return faults;
}

/** Where a slot stands in what a server is launched with. */
export interface SlotUses {
  header: boolean;
  url: boolean;
}

export function usesOf(
  name: string,
  { headers, url }: { headers: Readonly<Record<string, string>>; url: string | null },
): SlotUses {
  function mentions(text: string): boolean {
    return slotsIn(text).includes(name);
  }
  return { header: Object.values(headers).some(mentions), url: mentions(url ?? '') };
}

export type ValueFault = 'slotControl' | 'slotHeader' | 'slotDots';

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const headerText = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** Why a value cannot stand where its slot stands; null where it can. */
export function valueFault(value: string, { header, url }: SlotUses): ValueFault | null {
  if (control.test(value) || !value.isWellFormed()) return 'slotControl';
  if (header && !headerText.test(value)) return 'slotHeader';
  // As a part of a path they lead elsewhere, percent-encoded too.
  return url && /^\.{1,2}$/.test(value) ? 'slotDots' : null;
}
