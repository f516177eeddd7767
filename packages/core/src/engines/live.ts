const engines = ['engines.list', 'engines.overview'];
const stacks = ['stacks.list', 'stacks.get', 'engines.runs'];
const containers = ['containers.list', 'containers.get', 'containers.inspect'];
const images = ['images.list', 'images.get'];
const volumes = ['volumes.list', 'volumes.get'];
const networks = ['networks.list', 'networks.get'];

/** The stale paths of the API after an engine reported a change of such an object. */
export const staleOnEngine: ReadonlyMap<string, readonly string[]> = new Map([
  ['container', [...containers, ...stacks, ...engines]],
  ['image', images],
  ['volume', volumes],
  ['network', networks],
]);

/** The stale paths after an engine went away or came back. */
export const staleWithEngine: readonly string[] = [
  ...engines,
  ...containers,
  ...images,
  ...volumes,
  ...networks,
  ...stacks,
];
