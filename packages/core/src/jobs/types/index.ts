import type { JobType } from '../job-type.ts';
import { answerClaudeJob } from './answer-claude.ts';
import { deliverWebhookJob } from './deliver-webhook.ts';
import { evaluateAlertsJob } from './evaluate-alerts.ts';
import { nameConversationJob } from './name-conversation.ts';
import { pruneHistoryJob } from './prune-history.ts';
import { pruneOauthJob } from './prune-oauth.ts';
import { pruneSessionsJob } from './prune-sessions.ts';
import { pruneTaskRoutesJob } from './prune-task-routes.ts';
import { pruneWebhooksJob } from './prune-webhooks.ts';
import { sendNotificationJob } from './send-notification.ts';
import { tellClaudeJob } from './tell-claude.ts';

/** Every type of job that the hub runs. */
export const jobTypes: readonly JobType[] = [
  pruneHistoryJob,
  pruneOauthJob,
  pruneSessionsJob,
  pruneTaskRoutesJob,
  answerClaudeJob,
  tellClaudeJob,
  nameConversationJob,
  sendNotificationJob,
  evaluateAlertsJob,
  deliverWebhookJob,
  pruneWebhooksJob,
];
