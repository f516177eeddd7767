import { number, record, records, text, type Fields } from '../engine/shape.ts';

export interface ContainerStats {
  /** RFC 3339. */
  time: string;
  /** 100 is one whole processor. */
  cpuPercent: number;
  cpus: number;
  /** In use, without the page cache that the kernel can take back. */
  memoryBytes: number;
  memoryLimitBytes: number;
  /** Since the container's start. */
  networkReceivedBytes: number;
  networkSentBytes: number;
  blockReadBytes: number;
  blockWrittenBytes: number;
  pids: number;
}

/** Computes readings; null for one of a container that does not run, which holds no figures. */
export function createStatsReader(): (answer: unknown) => ContainerStats | null {
  let previous: Fields | null = null;
  return (answer) => {
    const raw = record(answer);
    const cpu = record(raw['cpu_stats']);
    const memory = record(raw['memory_stats']);
    if (cpu['system_cpu_usage'] === undefined && memory['usage'] === undefined) return null;
    const before = previous ?? record(raw['precpu_stats']);
    previous = cpu;
    const networks = Object.values(record(raw['networks'])).map(record);
    const blocks = records(record(raw['blkio_stats'])['io_service_bytes_recursive']);
    function blockBytes(does: string) {
      return sum(blocks.filter(({ op }) => text(op).toLowerCase() === does).map(({ value }) => value));
    }
    return {
      time: text(raw['read']),
      cpuPercent: cpuPercent(before, cpu),
      cpus: processors(cpu),
      memoryBytes: memoryInUse(memory),
      memoryLimitBytes: number(memory['limit']),
      networkReceivedBytes: sum(networks.map(({ rx_bytes }) => rx_bytes)),
      networkSentBytes: sum(networks.map(({ tx_bytes }) => tx_bytes)),
      blockReadBytes: blockBytes('read'),
      blockWrittenBytes: blockBytes('write'),
      pids: number(record(raw['pids_stats'])['current']),
    };
  };
}

/** Whether a reading comes from a container that runs no more. */
export function isOfStopped(answer: unknown): boolean {
  return text(record(answer)['read']).startsWith('0001-');
}

function cpuPercent(before: Fields, now: Fields): number {
  function total(cpu: Fields) {
    return number(record(cpu['cpu_usage'])['total_usage']);
  }
  const used = total(now) - total(before);
  const passed = number(now['system_cpu_usage']) - number(before['system_cpu_usage']);
  // Without an earlier reading the whole life of the machine would be the interval.
  if (before['system_cpu_usage'] === undefined || passed <= 0 || used < 0) return 0;
  return Math.round((used / passed) * processors(now) * 10_000) / 100;
}

function processors(cpu: Fields): number {
  const each = record(cpu['cpu_usage'])['percpu_usage'];
  return number(cpu['online_cpus'], Array.isArray(each) ? each.length : 1);
}

// The docker client's own rule: cgroup v1 names it total_inactive_file, v2 inactive_file.
function memoryInUse(memory: Fields): number {
  const usage = number(memory['usage']);
  const stats = record(memory['stats']);
  const cache = number(stats['total_inactive_file'], number(stats['inactive_file']));
  return cache < usage ? usage - cache : usage;
}

function sum(values: readonly unknown[]): number {
  return values.reduce<number>((total, value) => total + number(value), 0);
}
