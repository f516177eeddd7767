import { sayFrom, type RuntimeReasonCode } from '@switchboard/mcp-runtime/reasons';

/** What the core says of servers, calls and imports. */
export const coreSentences = {
  anotherEntry: "Another entry of this config gets the id '{{id}}' too.",
  disabledByPerson: 'Disabled.',
  exists: "'{{id}}' exists already.",
  hidden: 'It does not run. Those who may read its log see why.',
  hiddenByCaller: 'The tool is there; this caller may not use it.',
  hiddenByGroup: 'The tool is there; it is switched off in group {{id}}.',
  hiddenByKey: 'The tool is there; this API key does not have it.',
  hiddenByServer: 'The tool is there; it is switched off at its server.',
  idOfAnother: "'{{id}}' is the id of another server.",
  notStarted: 'Not started yet.',
  reserved: "'{{id}}' is a reserved word; choose another name.",
  severalCalled: 'Several servers have this name: {{ids}}',
  stoppedByPerson: 'Stopped by a person; start it to use it.',
  takenByOther: "'{{id}}' is taken by something that is not yours.",
} as const;

/** Every code that the page may meet. */
export type ReasonCode = RuntimeReasonCode | keyof typeof coreSentences;

/** Makes a reason of the core's. */
export const say = sayFrom(coreSentences);
