/** In what form a product's answer goes out. */
export type AnswerForm = 'json' | 'event';

/** The media types that a header takes, in lower case, without those of weight 0. */
function takenTypes(accept: string): Set<string> {
  const types = new Set<string>();
  for (const entry of accept.split(',')) {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    if (!parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))) types.add(type);
  }
  return types;
}

/** JSON where it is taken, else one event; null where neither is, or the header is missing. */
export function answerForm(accept: string | undefined): AnswerForm | null {
  if (accept === undefined || accept.trim() === '') return null;
  const types = takenTypes(accept);
  if (['application/json', 'application/*', '*/*'].some((type) => types.has(type))) return 'json';
  return ['text/event-stream', 'text/*'].some((type) => types.has(type)) ? 'event' : null;
}
