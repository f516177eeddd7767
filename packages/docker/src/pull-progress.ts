import { codeFor, DockerError } from './errors.ts';

/** One line of the engine's answer to a pull or push. */
export interface PullMessage {
  id?: string;
  status?: string;
  error?: string;
  errorDetail?: { message?: string };
  progressDetail?: { current?: number; total?: number };
}

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

const DONE = /^(Pull complete|Already exists)$/;
const LAYER =
  /^(Pulling fs layer|Waiting|Downloading|Verifying Checksum|Download complete|Extracting|Pull complete|Already exists|Retrying)/;

/** Follows a pull over all its layers; throws DockerError where a message says that it failed. */
export function createPullMeter(): (message: PullMessage) => PullProgress {
  const layers = new Map<string, boolean>();
  return (message) => {
    const failure = message.errorDetail?.message ?? message.error;
    if (failure !== undefined) throw new DockerError(codeFor(null, failure), failure);
    const { id, status = '', progressDetail } = message;
    const isLayer = id !== undefined && LAYER.test(status);
    if (isLayer) layers.set(id, DONE.test(status) || layers.get(id) === true);
    return {
      layer: isLayer ? id : null,
      status,
      current: progressDetail?.current ?? null,
      total: progressDetail?.total ?? null,
      layersDone: [...layers.values()].filter(Boolean).length,
      layers: layers.size,
    };
  };
}
