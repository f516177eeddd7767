/** How a stream is written: as events, as one JSON value a line, or not at all but as the JSON of this moment. */
export type StreamForm = 'events' | 'lines' | 'json';

function weightOf(parameters: readonly string[]): number {
  const weight = parameters.map((parameter) => /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(parameter)?.[1]).find(Boolean);
  return weight === undefined ? 1 : Number(weight);
}

/** The media types that an `Accept` header takes, in lower case. */
function acceptedTypes(accept: string): Set<string> {
  const entries = accept.split(',').map((entry) => entry.split(';'));
  return new Set(entries.filter(([, ...rest]) => weightOf(rest) > 0).map(([type = '']) => type.trim().toLowerCase()));
}

/** The form in which a caller takes a stream: events where `Accept` allows them, else lines, else JSON. */
export function streamFormFor(accept: string | undefined): StreamForm {
  if (accept === undefined || accept.trim() === '') return 'events';
  const types = acceptedTypes(accept);
  if (['text/event-stream', 'text/*', '*/*'].some((type) => types.has(type))) return 'events';
  return types.has('application/x-ndjson') ? 'lines' : 'json';
}
