import type { Registry } from 'prom-client';
import type { Log } from '@switchboard/core';
import type { Tracer } from '@switchboard/mcp-runtime/types';
import { within } from '../process/lifecycle.ts';
import type { Telemetry } from './settings.ts';

/** Traces and metrics that are sent elsewhere. */
export interface SentTelemetry {
  /** Null: there are no traces. */
  tracer: Tracer | null;
  sendMetrics(registry: Registry): { stop(): Promise<void> };
  stop(): Promise<void>;
}

/** How long the last of it may take to be sent. */
const lastMs = 2000;

const nothing: SentTelemetry = {
  tracer: null,
  sendMetrics: () => ({ stop: () => Promise.resolve() }),
  stop: () => Promise.resolve(),
};

/** A failure at the end was reported before. */
async function soon(work: Promise<void>): Promise<void> {
  await within(
    lastMs,
    work.catch(() => undefined),
  );
}

/** Loads the exporter of telemetry where the settings ask for it: it is large, and most hubs do without. */
export async function openTelemetry(
  telemetry: Telemetry | null,
  options: { log: Log; version: string },
): Promise<SentTelemetry> {
  if (telemetry === null) return nothing;
  const { openSdk } = await import('./sdk.ts');
  const sdk = openSdk(telemetry, options);
  return {
    tracer: sdk.tracer,
    sendMetrics(registry) {
      const sending = sdk.sendMetrics(registry);
      return { stop: () => soon(sending.stop()) };
    },
    stop: () => soon(sdk.stop()),
  };
}
