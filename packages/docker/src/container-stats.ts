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

interface RawCpu {
  cpu_usage?: { total_usage?: number; percpu_usage?: number[] | null };
  system_cpu_usage?: number;
  online_cpus?: number;
}

/** What is read of the engine's stats; every part may be missing. */
export interface RawStats {
  read?: string;
  cpu_stats?: RawCpu;
  precpu_stats?: RawCpu;
  memory_stats?: { usage?: number; limit?: number; stats?: Record<string, number> };
  networks?: Record<string, { rx_bytes?: number; tx_bytes?: number }>;
  blkio_stats?: { io_service_bytes_recursive?: { op?: string; value?: number }[] | null };
  pids_stats?: { current?: number };
}

/** Computes readings; null for one of a container that does not run, which holds no figures. */
export function createStatsReader(): (raw: RawStats) => ContainerStats | null {
  let previous: RawCpu | null = null;
  return (raw) => {
    const { cpu_stats: cpu = {}, memory_stats: memory = {} } = raw;
    if (cpu.system_cpu_usage === undefined && memory.usage === undefined) return null;
    const before = previous ?? raw.precpu_stats ?? {};
    previous = cpu;
    const networks = Object.values(raw.networks ?? {});
    const blocks = raw.blkio_stats?.io_service_bytes_recursive ?? [];
    return {
      time: raw.read ?? '',
      cpuPercent: cpuPercent(before, cpu),
      cpus: processors(cpu),
      memoryBytes: memoryInUse(memory),
      memoryLimitBytes: memory.limit ?? 0,
      networkReceivedBytes: sum(networks.map(({ rx_bytes }) => rx_bytes)),
      networkSentBytes: sum(networks.map(({ tx_bytes }) => tx_bytes)),
      blockReadBytes: sum(blocks.filter(({ op }) => /^read$/i.test(op ?? '')).map(({ value }) => value)),
      blockWrittenBytes: sum(blocks.filter(({ op }) => /^write$/i.test(op ?? '')).map(({ value }) => value)),
      pids: raw.pids_stats?.current ?? 0,
    };
  };
}

function cpuPercent(before: RawCpu, now: RawCpu): number {
  const used = (now.cpu_usage?.total_usage ?? 0) - (before.cpu_usage?.total_usage ?? 0);
  const passed = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  // Without an earlier reading the whole life of the machine would be the interval.
  if (before.system_cpu_usage === undefined || passed <= 0 || used < 0) return 0;
  return Math.round((used / passed) * processors(now) * 10_000) / 100;
}

function processors({ online_cpus, cpu_usage }: RawCpu): number {
  return online_cpus ?? cpu_usage?.percpu_usage?.length ?? 1;
}

// The docker client's own rule: cgroup v1 names it total_inactive_file, v2 inactive_file.
function memoryInUse({ usage = 0, stats = {} }: NonNullable<RawStats['memory_stats']>): number {
  const cache = stats['total_inactive_file'] ?? stats['inactive_file'] ?? 0;
  return cache < usage ? usage - cache : usage;
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
