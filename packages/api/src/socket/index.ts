export { closeCodes, mostFrameBytes } from './frames.ts';
export { mostEventsASecond, type Transport } from './outbox.ts';
export { createSocketSession, type SocketOptions, type SocketSession } from './session.ts';
export { createTurns } from './turns.ts';
