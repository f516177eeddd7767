import { record, text } from '../engine/shape.ts';
import { codeFor, DockerError } from '../errors.ts';

export interface PullProgress {
  /** The layer this is about, null for the pull as a whole. */
  layer: string | null;
  /** The engine's words: `Downloading`, `Pull complete`, … */
  status: string;
  /** Bytes of this layer's step; null where the engine does not say. */
  current: number | null;
  total: number | null;
  layersDone: number;
  layers: number;
}

const donePattern = /^(Pull complete|Already exists)$/;
const layerPattern =
  /^(Pulling fs layer|Waiting|Downloading|Verifying Checksum|Download complete|Extracting|Pull complete|Already exists|Retrying)/;

/** Follows a pull over all its layers by the lines of the engine's answer; throws DockerError where one says that it failed. */
export function createPullMeter(): (message: unknown) => PullProgress {
  const layers = new Set<string>();
  const done = new Set<string>();
  return (message) => {
    failOn(message);
    const { id, status: said, progressDetail } = record(message);
    const status = text(said);
    const layer = typeof id === 'string' && layerPattern.test(status) ? id : null;
    if (layer !== null) {
      layers.add(layer);
      if (donePattern.test(status)) done.add(layer);
    }
    const { current, total } = record(progressDetail);
    return {
      layer,
      status,
      current: bytes(current),
      total: bytes(total),
      layersDone: done.size,
      layers: layers.size,
    };
  };
}

/** Throws DockerError where a line of the engine's answer to a pull or a build says that it failed. */
export function failOn(message: unknown): void {
  const { error, errorDetail } = record(message);
  if ((error ?? errorDetail ?? null) === null) return;
  const why = text(record(errorDetail)['message']) || text(error) || 'The Docker Engine does not say why.';
  throw new DockerError(codeFor(null, why), why);
}

function bytes(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
