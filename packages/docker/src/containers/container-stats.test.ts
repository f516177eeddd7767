import { expect, it } from 'vitest';
import { createStatsReader } from './container-stats.ts';

function cpu(total: number, system: number) {
  return {
    cpu_usage: { total_usage: total },
    system_cpu_usage: system,
    online_cpus: 4,
  };
}

it('computes the share of processors from two readings', () => {
  const read = createStatsReader();
  expect(read({ cpu_stats: cpu(1_000, 100_000), memory_stats: { usage: 1 } })?.cpuPercent).toBe(0);
  // A quarter of the time of all four processors is one processor.
  expect(read({ cpu_stats: cpu(2_000, 104_000) })?.cpuPercent).toBe(100);
  expect(read({ cpu_stats: cpu(1_000, 105_000) })?.cpuPercent).toBe(0);
});

it('takes the engine’s earlier reading where it gives one', () => {
  expect(createStatsReader()({ cpu_stats: cpu(2_000, 104_000), precpu_stats: cpu(1_000, 100_000) })?.cpuPercent).toBe(
    100,
  );
});

it('leaves out what the kernel can take back, in both versions of control groups', () => {
  function memory(stats: Record<string, number>) {
    return createStatsReader()({ memory_stats: { usage: 1_000, limit: 5_000, stats } })?.memoryBytes;
  }
  expect(memory({ total_inactive_file: 300 })).toBe(700);
  expect(memory({ inactive_file: 200 })).toBe(800);
  expect(memory({ inactive_file: 2_000 })).toBe(1_000);
});

it('adds networks and devices up', () => {
  const stats = createStatsReader()({
    cpu_stats: cpu(1, 1),
    networks: { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 10, tx_bytes: 20 } },
    blkio_stats: {
      io_service_bytes_recursive: [
        { op: 'Read', value: 5 },
        { op: 'write', value: 6 },
        { op: 'Total', value: 11 },
      ],
    },
    pids_stats: { current: 3 },
  });
  expect(stats).toMatchObject({
    networkReceivedBytes: 11,
    networkSentBytes: 22,
    blockReadBytes: 5,
    blockWrittenBytes: 6,
    pids: 3,
  });
});

it('has nothing to say of a container that does not run', () => {
  expect(createStatsReader()({ read: '0001-01-01T00:00:00Z', cpu_stats: {}, memory_stats: {} })).toBeNull();
});
