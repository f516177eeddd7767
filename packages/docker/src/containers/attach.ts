import { Readable, Writable, type Duplex } from 'node:stream';
import { withSignal, type CallOptions, type Connection } from '../engine/connection.ts';
import { createDemuxer } from '../engine/frames.ts';

/** A container's pipes, as a child process has them. */
export interface Attached {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** Told once the container has ended: nothing more can come. */
  ended(): void;
  close(): void;
}

/**
 * Attaches to a container that has not been started yet, so that nothing of it is lost. Errors come over a connection of
 * their own: one who floods them does not hold up the messages.
 */
export async function attach(connection: Connection, id: string, options: CallOptions = {}): Promise<Attached> {
  const [main, side] = await Promise.all([
    open(connection, id, { stdin: true, stdout: true, stderr: false }, options),
    open(connection, id, { stdin: false, stdout: false, stderr: true }, options),
  ]);
  return {
    stdin: toWritable(main),
    stdout: toReadable(main),
    stderr: toReadable(side),
    ended: () => {},
    close: () => {
      main.destroy();
      side.destroy();
    },
  };
}

async function open(
  connection: Connection,
  id: string,
  pipes: { stdin: boolean; stdout: boolean; stderr: boolean },
  options: CallOptions,
): Promise<Duplex> {
  const socket = await connection.call(
    (signal) => connection.docker.getContainer(id).attach(withSignal({ ...pipes, stream: true, hijack: true }, signal)),
    options,
  );
  socket.on('error', () => {});
  return socket as Duplex;
}

function toReadable(socket: Duplex): Readable {
  const demux = createDemuxer();
  const output = new Readable({ read: () => void socket.resume() });
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const { data } of demux(chunk)) if (!output.push(data)) socket.pause();
    } catch {
      // No engine writes such a frame: this output ends, and with it the server.
      socket.destroy();
    }
  });
  socket.once('close', () => output.push(null));
  socket.once('end', () => output.push(null));
  return output;
}

// Ending it ends the container's input and leaves its output open.
function toWritable(socket: Duplex): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => void socket.write(chunk, done),
    final: (done) => {
      if (socket.writableEnded || socket.destroyed) done();
      else socket.end(done);
    },
  }).on('error', () => {});
}
