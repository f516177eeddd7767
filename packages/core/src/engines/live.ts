const engines = ['engines.list', 'engines.overview'];
const stacks = ['stacks.list', 'stacks.get', 'engines.runs'];
const containers = ['containers.list', 'containers.get', 'containers.inspect'];
const images = ['images.list', 'images.get'];
const volumes = ['volumes.list', 'volumes.get'];
const networks = ['networks.list', 'networks.get'];

/** What is stale after an engine told of a change of such a thing; paths of the API. */
export const staleOnEngine: ReadonlyMap<string, readonly string[]> = new Map([
  ['container', [...containers, ...stacks, ...engines]],
  ['image', images],
  ['volume', volumes],
  ['network', networks],
]);

/** What is stale where an engine went or came back. */
export const staleWithEngine: readonly string[] = [
  ...engines,
  ...containers,
  ...images,
  ...volumes,
  ...networks,
  ...stacks,
];
