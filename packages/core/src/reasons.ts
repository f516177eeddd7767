import { sayFrom, type Reason, type RuntimeReasonCode } from '@switchboard/mcp-runtime/reasons';
import { accessSentences } from './access/reasons.ts';
import { accountSentences } from './account/reasons.ts';
import { alertSentences } from './alerts/reasons.ts';
import { appSentences } from './apps/reasons.ts';
import { auditSentences } from './audit/reasons.ts';
import { callSentences } from './calls/reasons.ts';
import { claudeSentences } from './claude/reasons.ts';
import { configFileSentences } from './config-file/reasons.ts';
import { configurationSentences } from './configuration/reasons.ts';
import { containerSentences } from './containers/reasons.ts';
import { conversationSentences } from './conversations/reasons.ts';
import { engineSentences } from './engines/reasons.ts';
import { frameSentences } from './frames/reasons.ts';
import { generatedToolSentences } from './generated-tools/reasons.ts';
import { generationSentences } from './generation/reasons.ts';
import { graphSentences } from './graphs/reasons.ts';
import { groupSentences } from './groups/reasons.ts';
import { imageSentences } from './images/reasons.ts';
import { jobSentences } from './jobs/reasons.ts';
import { journalSentences } from './journal/reasons.ts';
import { keySentences } from './keys/reasons.ts';
import { limitSentences } from './limits/reasons.ts';
import { modelSentences } from './models/reasons.ts';
import { monitoringSentences } from './monitoring/reasons.ts';
import { networkSentences } from './networks/reasons.ts';
import { notificationSentences } from './notifications/reasons.ts';
import { oauthSentences } from './oauth/reasons.ts';
import { playgroundSentences } from './playground/reasons.ts';
import { runSentences } from './runs/reasons.ts';
import { serverSentences } from './servers/reasons.ts';
import { shutdownSentences } from './shutdown/reasons.ts';
import { signInSentences } from './sign-ins/reasons.ts';
import { slotSentences } from './slots/reasons.ts';
import { stackSentences } from './stacks/reasons.ts';
import { userSentences } from './users/reasons.ts';
import { versionSentences } from './versions/reasons.ts';
import { volumeSentences } from './volumes/reasons.ts';
import { webhookSentences } from './webhooks/reasons.ts';

/** What the core says of servers, calls and imports, and wherever it refuses something. */
export const commonSentences = {
  anotherEntry: "Another entry of this config gets the id '{{id}}' too.",
  disabledByPerson: 'Disabled.',
  changedAlone: 'is changed alone: leave the other fields out',
  databaseAway: 'The database is away at the moment; the hub answers again by itself as soon as it is back.',
  databaseRefused: 'The database refused the request.',
  exists: "'{{id}}' exists already.",
  hidden: 'It does not run. Those who may read its log see why.',
  hiddenByCaller: 'The tool is there; this caller may not use it.',
  hiddenByGroup: 'The tool is there; it is switched off in group {{id}}.',
  hiddenByKey: 'The tool is there; this API key does not have it.',
  hiddenByServer: 'The tool is there; it is switched off at its server.',
  holdsNul: 'A value holds a NUL character, and no text here may.',
  idOfAnother: "'{{id}}' is the id of another server.",
  inField: '{{field}}: {{reason}}',
  isRequired: 'is required',
  leftOutBesideId: 'must be left out beside serverId',
  nameStays: 'cannot change: it stands in addresses; change displayName instead',
  nameExists: 'Something with this name exists already.',
  notStarted: 'Not started yet.',
  keyOfAnotherDatabase:
    'SECRET_KEY is not the key this database was made with; start with that key, or with an empty database.',
  referenceGone: 'What this refers to does not exist any more.',
  requestEnded: 'The request ended before the answer was there.',
  reserved: "'{{id}}' is a reserved word; choose another name.",
  said: '{{words}}',
  secretKeyLength: 'SECRET_KEY must be 32 bytes in base64; it has {{length}}.',
  secretUnreadable: "The stored {{column}} of '{{row}}' cannot be read with this SECRET_KEY.",
  sentence: '{{reason}}.',
  severalCalled: 'Several servers have this name: {{ids}}',
  stoppedByPerson: 'Stopped by a person; start it to use it.',
  takenByOther: "'{{id}}' is taken by something that is not yours.",
  wentWrong: 'Something went wrong in the hub. Its log tells more under {{request}}.',
  wrongKind: 'A value is not of the kind that is wanted there.',
} as const;

export { mapReason } from '@switchboard/mcp-runtime/reasons';

/** All tables of the core; an entity's own lies in its folder. */
export const coreSentences = {
  ...commonSentences,
  ...accessSentences,
  ...accountSentences,
  ...alertSentences,
  ...appSentences,
  ...auditSentences,
  ...callSentences,
  ...claudeSentences,
  ...configFileSentences,
  ...configurationSentences,
  ...containerSentences,
  ...conversationSentences,
  ...engineSentences,
  ...frameSentences,
  ...generatedToolSentences,
  ...generationSentences,
  ...graphSentences,
  ...groupSentences,
  ...imageSentences,
  ...jobSentences,
  ...journalSentences,
  ...keySentences,
  ...limitSentences,
  ...modelSentences,
  ...monitoringSentences,
  ...networkSentences,
  ...notificationSentences,
  ...oauthSentences,
  ...playgroundSentences,
  ...runSentences,
  ...serverSentences,
  ...shutdownSentences,
  ...signInSentences,
  ...slotSentences,
  ...stackSentences,
  ...userSentences,
  ...versionSentences,
  ...volumeSentences,
  ...webhookSentences,
} as const;

/** Every code that the page may meet. */
export type ReasonCode = RuntimeReasonCode | keyof typeof coreSentences;

/** Makes a reason of the core's. */
export const say = sayFrom(coreSentences);

/** What somebody else wrote, and what a validator says: it is told as it is. */
export function said(words: string): Reason {
  return say('said', { words });
}
