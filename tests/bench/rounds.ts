import { type Load, measure, type Measured, median, type Target } from './driver.ts';

/** One group of targets in front of the same upstream; the first is the direct connection. */
export interface Group {
  title: string;
  targets: Target[];
}

export interface Row {
  group: string;
  target: string;
  concurrency: number;
  measured: Measured;
  /** Of calls per second, in the same round, to the first target of the group. */
  ratioToDirect: number;
}

export interface Plan {
  rounds: number;
  levels: number[];
  calls: (concurrency: number) => number;
  warmup: number;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function combine(runs: Measured[]): Measured {
  function of(pick: (run: Measured) => number): number {
    return median(runs.map(pick));
  }
  return {
    callsPerSecond: of((run) => run.callsPerSecond),
    p50: of((run) => run.p50),
    p99: of((run) => run.p99),
    cpuMsPerCall: of((run) => run.cpuMsPerCall),
    rssMb: of((run) => run.rssMb),
    errors: sum(runs.map((run) => run.errors)),
    kinds: Object.assign({}, ...runs.map((run) => run.kinds)) as Record<string, number>,
  };
}

/**
 * Measures every target of every group in turn inside each round, so that what the machine does meanwhile hits all of
 * them alike, and gives the medians of the rounds.
 */
export async function runRounds(groups: Group[], plan: Plan, tell: (line: string) => void): Promise<Row[]> {
  const runs = new Map<string, { measured: Measured[]; ratios: number[] }>();
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const concurrency of plan.levels) {
      for (const group of groups) {
        let direct = Number.NaN;
        for (const target of group.targets) {
          const load: Load = { concurrency, calls: plan.calls(concurrency), warmup: plan.warmup };
          const measured = await measure(target, load);
          if (Number.isNaN(direct)) direct = measured.callsPerSecond;
          const key = `${group.title}|${target.name}|${concurrency}`;
          const seen = runs.get(key) ?? { measured: [], ratios: [] };
          seen.measured.push(measured);
          seen.ratios.push(measured.callsPerSecond / direct);
          runs.set(key, seen);
        }
      }
      tell(`round ${round} of ${plan.rounds}, c${concurrency} done`);
    }
  }
  return groups.flatMap((group) =>
    plan.levels.flatMap((concurrency) =>
      group.targets.map((target) => {
        const seen = runs.get(`${group.title}|${target.name}|${concurrency}`);
        return {
          group: group.title,
          target: target.name,
          concurrency,
          measured: combine(seen?.measured ?? []),
          ratioToDirect: median(seen?.ratios ?? []),
        };
      }),
    ),
  );
}
