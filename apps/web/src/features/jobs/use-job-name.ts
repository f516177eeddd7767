import { useTranslation } from 'react-i18next';

const words = {
  'alerts.evaluate': 'evaluateAlerts',
  'claude.answer': 'answerClaude',
  'claude.tell': 'tellClaude',
  'conversation.name': 'nameConversation',
  'history.prune': 'pruneHistory',
  'notification.send': 'sendNotification',
  'oauth.prune': 'pruneOauth',
  'sessions.prune': 'pruneSessions',
  'task-routes.prune': 'pruneTaskRoutes',
  'webhooks.deliver': 'deliverWebhook',
  'webhooks.prune': 'pruneWebhooks',
} as const;

function isKnown(type: string): type is keyof typeof words {
  return type in words;
}

/** What people call a type of job. */
export function useJobName() {
  const { t } = useTranslation();
  return (type: string): string => (isKnown(type) ? t(`jobs.types.${words[type]}`) : type);
}
