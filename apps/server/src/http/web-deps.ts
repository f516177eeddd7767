import type { InstanceInfo, ShownSettings, Streams } from '@switchboard/api';
import type { Core, Log } from '@switchboard/core';
import type { Config } from '../config.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Bodies } from './bodies.ts';
import type { Drain } from './drain.ts';

/** The dependencies of the web side of the hub. */
export interface AppOptions {
  config: Config;
  core: Core;
  log: Log;
  sessionCookieName: string;
  streams: Streams;
  metrics: Metrics;
  instance: InstanceInfo;
  settings: ShownSettings;
  bodies: Bodies;
  drain: Pick<Drain, 'orCut'>;
  /** Null where it is. */
  whyNotReady(): Promise<string | null>;
}
