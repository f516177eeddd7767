import { z } from 'zod';
import type { Ctx } from '@switchboard/core';
import { may, requireRight } from '@switchboard/core/access';
import { currentFigures } from '@switchboard/core/monitoring';
import { MetricName } from '@switchboard/core/monitoring/schema';
import type { Visible } from '../../visible.ts';
import { channelOf } from '../channel.ts';
import type { ChannelEvent } from '../outbox.ts';

const everyMs = 5_000;

const Asked = z.strictObject({ metrics: z.array(MetricName).min(1).max(MetricName.options.length).optional() });

/** Of the whole hub for readers of its metrics, of the visible servers for others. */
async function figures(core: Ctx, visible: Visible, metrics: readonly MetricName[]): Promise<ChannelEvent> {
  const among = may(core, 'metrics.read') ? undefined : new Set((await visible.load(core)).keys());
  const all = await currentFigures(core, among);
  return { data: Object.fromEntries(metrics.map((name) => [name, all[name]])), at: core.clock.now() };
}

/** The figures of the moment, at once and every five seconds. */
export const monitoring = channelOf(Asked, (core, { metrics = MetricName.options }) => ({
  admit: () => requireRight(core, 'monitoring.read'),
  mayStill: () => may(core, 'monitoring.read'),
  follow(push, visible) {
    function tell() {
      push(() => figures(core, visible, metrics));
    }
    tell();
    const timer = setInterval(tell, everyMs);
    return () => clearInterval(timer);
  },
}));
