import type { Channel } from '../channel.ts';
import type { SocketChannel } from '../frames.ts';
import { alerts } from './alerts.ts';
import { monitoring } from './monitoring.ts';
import { serverLogs } from './server-logs.ts';
import { serverStatus } from './server-status.ts';
import { userActivity } from './user-activity.ts';

/** The implementation of each channel. */
export const channels: Readonly<Record<SocketChannel, Channel>> = {
  'server-status': serverStatus,
  'server-logs': serverLogs,
  monitoring,
  alerts,
  'user-activity': userActivity,
};
