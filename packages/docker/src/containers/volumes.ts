import { dial, withSignal, type CallOptions, type Connection } from '../engine/connection.ts';
import { explainAbsent, newName, soughtName } from '../engine/names.ts';
import { removeEach, type PrunePreview, type PruneResult } from '../engine/prune.ts';
import { answeredList, number, record, records, text, textMap, type Fields } from '../engine/shape.ts';
import { DockerError } from '../errors.ts';

export interface VolumeInfo {
  name: string;
  driver: string;
  mountpoint: string;
  /** RFC 3339; null where the driver does not say. */
  created: string | null;
  labels: Record<string, string>;
  options: Record<string, string>;
  /** Null where it was not measured. */
  bytes: number | null;
  /** Ids of the containers that mount it, stopped ones too. */
  usedBy: string[];
}

export interface CreateVolume {
  name?: string;
  driver?: string;
  options?: Readonly<Record<string, string>>;
  labels?: Readonly<Record<string, string>>;
}

export interface Volumes {
  /** `sizes` makes the engine measure every volume, which can take long. */
  list(options?: CallOptions & { sizes?: boolean }): Promise<VolumeInfo[]>;
  get(name: string, options?: CallOptions): Promise<VolumeInfo>;
  create(input: CreateVolume, options?: CallOptions): Promise<VolumeInfo>;
  remove(name: string, options?: CallOptions & { force?: boolean }): Promise<void>;
  /** Volumes that no container mounts. */
  previewPrune(options?: CallOptions): Promise<PrunePreview<VolumeInfo>>;
  /** Removes exactly these names. */
  prune(names: readonly string[], options?: CallOptions): Promise<PruneResult>;
}

/** The volumes of one engine. */
export function createVolumes(connection: Connection): Volumes {
  const { docker } = connection;

  async function users(options: CallOptions) {
    const containers = await connection.call(
      (signal) => docker.listContainers(withSignal({ all: true }, signal)),
      options,
    );
    const uses = answeredList(containers, 'containers').flatMap(({ Id, Mounts }) =>
      records(Mounts).map(({ Name }) => ({ id: text(Id), volume: text(Name) })),
    );
    return Map.groupBy(uses, ({ volume }) => volume);
  }
  async function measured(options: CallOptions) {
    const path = '/system/df';
    return named(record(await dial<unknown>(connection, { path }, { timeoutMs: 0, ...options }))['Volumes']);
  }
  async function plain(options: CallOptions) {
    const found: unknown = await connection.call((signal) => docker.listVolumes(withSignal({}, signal)), options);
    return named(record(found)['Volumes']);
  }
  async function list({ sizes = false, ...options }: CallOptions & { sizes?: boolean } = {}) {
    const [volumes, uses] = await Promise.all([sizes ? measured(options) : plain(options), users(options)]);
    return volumes.map((volume) => toVolume(volume, uses.get(text(volume['Name']))?.map(({ id }) => id) ?? []));
  }
  async function get(name: string, options: CallOptions = {}) {
    const found: unknown = await connection
      .call((signal) => docker.getVolume(soughtName('volume', name)).inspect(withSignal({}, signal)), options)
      .catch((error: unknown) => {
        throw explainAbsent('volume', name, error);
      });
    const uses = await users(options);
    return toVolume({ ...record(found), Name: name }, uses.get(name)?.map(({ id }) => id) ?? []);
  }
  async function remove(name: string, { force = false, ...options }: CallOptions & { force?: boolean } = {}) {
    await connection
      .call((signal) => docker.getVolume(soughtName('volume', name)).remove(withSignal({ force }, signal)), options)
      .catch((error: unknown) => {
        throw explainAbsent('volume', name, error);
      });
  }

  return {
    list,
    get,
    remove,
    create: async ({ name, driver = 'local', options: driverOptions = {}, labels = {} }, options = {}) => {
      const spec = {
        ...(name === undefined ? {} : { Name: newName('volume', name) }),
        Driver: driver,
        DriverOpts: { ...driverOptions },
        Labels: { ...labels },
      };
      if (name !== undefined && (await plain(options)).some((volume) => volume['Name'] === name)) {
        throw new DockerError('conflict', `A volume named "${name}" is there already.`, { field: 'name' });
      }
      const made = await connection.call((signal) => docker.createVolume(withSignal(spec, signal)), options);
      return await get(made.name, options);
    },
    previewPrune: async (options = {}) => {
      const items = (await list({ ...options, sizes: true })).filter(({ usedBy }) => usedBy.length === 0);
      return { items, bytes: items.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) };
    },
    prune: (names, options = {}) => removeEach(names, (name) => remove(name, options)),
  };
}

/** Volumes with a name: without one no request can be made about a volume. */
function named(volumes: unknown): Fields[] {
  return records(volumes).filter((volume) => text(volume['Name']) !== '');
}

function toVolume(raw: Fields, usedBy: string[]): VolumeInfo {
  const bytes = number(record(raw['UsageData'])['Size'], -1);
  return {
    name: text(raw['Name']),
    driver: text(raw['Driver']),
    mountpoint: text(raw['Mountpoint']),
    created: text(raw['CreatedAt']) || null,
    labels: textMap(raw['Labels']),
    options: textMap(raw['Options']),
    bytes: bytes < 0 ? null : bytes,
    usedBy: [...new Set(usedBy)],
  };
}
