import { app } from './app.ts';
import { container } from './container.ts';
import { generated } from './generated.ts';
import { graph } from './graph.ts';
import { serverKinds, type Kind, type LaunchField, type ServerKind } from './kind.ts';
import { sse } from './sse.ts';
import { stdio } from './stdio.ts';
import { streamableHttp } from './streamable-http.ts';

/** Every kind of server with all its parts: one that lacks a part does not compile. */
export const kinds: Readonly<Record<ServerKind, Kind>> = {
  stdio,
  sse,
  'streamable-http': streamableHttp,
  container,
  app,
  generated,
  graph,
};

/** Whether a field means anything to servers of a kind. */
export function hasField(kind: ServerKind, field: LaunchField): boolean {
  return kinds[kind].fields.includes(field);
}

/** The kinds that have a field, in words: "sse and streamable-http servers". */
export function ownersOf(field: LaunchField): string {
  return `${serverKinds.filter((kind) => hasField(kind, field)).join(' and ')} servers`;
}
