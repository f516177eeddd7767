import { DomainError, isDomainError } from '../errors.ts';

/** The runtime's error for a call, as the domain says it. Told by its name: core knows the runtime by type only. */
export function translateRpcError(error: unknown, serverId: string): unknown {
  if (isDomainError(error) || !(error instanceof Error)) return error;
  if (error.name === 'AbortError') return new DomainError('timeout', `The call to '${serverId}' was cancelled.`);
  if (error.name !== 'RpcError') return error;
  const code: unknown = Reflect.get(error, 'code');
  const data: unknown = Reflect.get(error, 'data');
  const details = { reason: error.message, rpcCode: code, ...(data !== undefined && { rpcData: data }) };
  const names = error.message.startsWith(`Server ${serverId}`);
  const message = names ? error.message : `Server '${serverId}': ${error.message}`;
  if (/timed? ?out/i.test(error.message)) return new DomainError('timeout', message, details, { cause: error });
  const wait: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'retryAfterSeconds') : undefined;
  const whole = typeof wait === 'number' ? { ...details, retryAfterSeconds: wait } : details;
  if (code === -32003) return new DomainError('limit_exceeded', message, whole, { cause: error });
  return new DomainError(code === -32602 ? 'invalid' : 'unavailable', message, whole, { cause: error });
}
