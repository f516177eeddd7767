import type { ContainerInfo, CreateContainer, Violation } from '@switchboard/docker';

/** A folder of the engine's machine that a container mounts. */
export interface Bind {
  where: string;
  /** With its links resolved. */
  source: string;
  writable: boolean;
}

type RealPath = (path: string) => string;

/** Folders that a container asks for. */
export function bindsOfSpec({ volumes = {} }: CreateContainer, realPath: RealPath): Bind[] {
  return Object.entries(volumes).flatMap(([source, targets]) =>
    source.startsWith('/')
      ? [
          {
            where: `volumes.${source}`,
            source: realPath(source),
            writable: [targets].flat().some((target) => !target.endsWith(':ro')),
          },
        ]
      : [],
  );
}

/** Folders that containers mount already. */
export function bindsOf(containers: readonly ContainerInfo[]): Bind[] {
  return containers.flatMap(({ name, mounts }) =>
    mounts
      .filter(({ type }) => type === 'bind')
      .map(({ source, readOnly }) => ({ where: name, source, writable: !readOnly })),
  );
}

function isBelow(path: string, folder: string): boolean {
  return path !== folder && path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/**
 * Refuses mounts below a folder that another container can write: a link put there later would be followed by the
 * engine at the next start, after the check.
 */
export function nestedBinds(binds: readonly Bind[], others: readonly Bind[]): Violation[] {
  return binds.flatMap((bind): Violation[] => {
    const around = [...binds, ...others].find((other) => other.writable && isBelow(bind.source, other.source));
    const within = bind.writable ? others.find((other) => isBelow(other.source, bind.source)) : undefined;
    const { where, source } = bind;
    if (around) {
      const message = `mounts ${source}, which lies in ${around.source}, and that a container may write.`;
      return [{ rule: 'host-paths', where, message }];
    }
    if (!within) return [];
    const message = `mounts ${source} for writing, in which ${within.source} is mounted by another container.`;
    return [{ rule: 'host-paths', where, message }];
  });
}
