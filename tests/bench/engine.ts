import { readFile } from 'node:fs/promises';
import { findTestEngine, openTestEngine, type TestEngine } from '@switchboard/docker/testing';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { until } from '../support/until.ts';
import { type FreezeRow, measureFreeze } from './freeze.ts';

/** What the hub adds to its engine's own answers, and whether it keeps up with what containers say. */
export interface EngineFigures {
  containers: number;
  engineMs: number;
  hubMs: number;
  linesSent: number;
  linesSeen: number;
  /** Lines that came out of their order. */
  disordered: number;
  linesPerSecond: number;
  /** Growth of the hub's memory while it passed them on. */
  grownMb: number;
  /** `/health` while large files and logs are read. */
  freezes: FreezeRow[];
}

const containers = 200;
const times = 25;
const loadSeconds = 10;
const linesASecond = 10_000;

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function makeContainers({ engine, image, labels, prefix }: TestEngine): Promise<void> {
  const left = Array.from({ length: containers }, (_, index) => index).values();
  async function worker() {
    for (const index of left) {
      await engine.containers.create({ image, labels, name: `${prefix}-${index}`, environment: { INDEX: index } });
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** Turn by turn, so that both see the same machine. */
async function compareLists(hub: HubProcess, { engine }: TestEngine) {
  async function list() {
    const answer = await fetch(`${hub.origin}/api/containers/`, { headers: hub.headers });
    if (((await answer.json()) as unknown[]).length < containers)
      throw new Error('Containers are missing in the list.');
  }
  function own() {
    return engine.connection.docker.listContainers({ all: true });
  }
  await list();
  const [hubMs, engineMs]: [number[], number[]] = [[], []];
  for (let time = 0; time < times; time += 1) {
    engineMs.push(await timed(own));
    hubMs.push(await timed(list));
  }
  return { hubMs: median(hubMs), engineMs: median(engineMs) };
}

async function rssMb(pid: number): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024;
}

/** Numbered lines at an even pace, read over the documented API as they come. */
async function followLines(hub: HubProcess, { engine, image, labels, prefix }: TestEngine) {
  const linesSent = loadSeconds * linesASecond;
  const tenth = linesASecond / 10;
  const script = `n=0; while [ $n -lt ${linesSent} ]; do seq $((n+1)) $((n+${tenth})); n=$((n+${tenth})); sleep 0.1; done`;
  const name = `${prefix}-talks`;
  await engine.containers.create({ image, labels, name, command: ['sh', '-c', script] });
  const before = await rssMb(hub.pid);
  await engine.containers.start(name);
  const startedAt = performance.now();
  const url = `${hub.origin}/api/containers/${name}/logs?follow=true&timestamps=false&tail=10000`;
  const answer = await fetch(url, { headers: hub.headers });
  let [linesSeen, disordered, text] = [0, 0, ''];
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = (text + chunk).split('\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const number = /^data: .*"text":"(\d+)"/.exec(part)?.[1];
      if (number === undefined) continue;
      linesSeen += 1;
      if (Number(number) !== linesSeen) disordered += 1;
    }
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const grownMb = (await rssMb(hub.pid)) - before;
  return { linesSent, linesSeen, disordered, linesPerSecond: linesSeen / seconds, grownMb };
}

const fileMb = 30;
const logLines = 524_288;

/** A file of 30 MB and a log of 50 MB, read in every way. */
async function readLarge(hub: HubProcess, { engine, image, labels, prefix }: TestEngine): Promise<FreezeRow[]> {
  const name = `${prefix}-large`;
  const line = 'x'.repeat(99);
  const script = `dd if=/dev/zero of=/large bs=1M count=${fileMb}; yes ${line} | head -n ${logLines}; touch /done; sleep 600`;
  await engine.containers.create({ image, labels, name, command: ['sh', '-c', script] });
  await engine.containers.start(name);
  const { id } = await engine.containers.get(name);
  function read(path: string) {
    return hub.api.containers.readFile.query({ id, path });
  }
  function isDone() {
    return read('/done').then(
      () => true,
      () => false,
    );
  }
  await until(isDone, 'the container has written its file and log', 120_000);
  async function drained(path: string, leastMb: number): Promise<string> {
    const answer = await fetch(`${hub.origin}/api/containers/${id}/${path}`, { headers: hub.headers });
    let bytes = 0;
    for await (const chunk of answer.body ?? []) bytes += chunk.length;
    if (bytes < leastMb * 2 ** 20) throw new Error(`Only ${bytes} bytes of ${path} came.`);
    return 'well';
  }
  return [
    await measureFreeze(hub, `a file of ${fileMb} MB, read`, () => read('/large')),
    await measureFreeze(hub, `a file of ${fileMb} MB, downloaded`, () => drained('file?path=/large', fileMb)),
    await measureFreeze(hub, 'a log of 50 MB', () => drained(`logs?tail=${logLines}`, 50)),
  ];
}

/** Null where there is no engine to measure on. */
export async function measureEngine(): Promise<EngineFigures | null> {
  const found = await findTestEngine();
  if ('missing' in found) return null;
  await using docker = await openTestEngine(found.host);
  await using hub = await startHub({ bundled: true, env: found.host === '' ? {} : { DOCKER_HOST: found.host } });
  await makeContainers(docker);
  const lists = await compareLists(hub, docker);
  const followed = await followLines(hub, docker);
  return { containers: containers, ...lists, ...followed, freezes: await readLarge(hub, docker) };
}
