import { reasonOf } from '@switchboard/mcp-runtime/reasons';
import { DomainError, isDomainError } from '../errors.ts';
import { said, say } from '../reasons.ts';

/** The runtime's error for a call, as the domain says it. Told by its name: core knows the runtime by type only. */
export function translateRpcError(error: unknown, serverId: string): unknown {
  if (isDomainError(error) || !(error instanceof Error)) return error;
  if (error.name === 'AbortError') return new DomainError('timeout', say('callCancelled', { id: serverId }));
  if (error.name !== 'RpcError') return error;
  const code: unknown = Reflect.get(error, 'code');
  const data: unknown = Reflect.get(error, 'data');
  const details = { rpcCode: code, ...(data !== undefined && { rpcData: data }) };
  const names = error.message.startsWith(`Server ${serverId}`);
  const why = reasonOf(error) ?? said(error.message);
  const told = names ? why : say('ofServerQuoted', { id: serverId, reason: why });
  if (/timed? ?out/i.test(error.message)) return new DomainError('timeout', told, details, { cause: error });
  const wait: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'retryAfterSeconds') : undefined;
  const whole = typeof wait === 'number' ? { ...details, retryAfterSeconds: wait } : details;
  if (code === -32003) return new DomainError('limit_exceeded', told, whole, { cause: error });
  return new DomainError(code === -32602 ? 'invalid' : 'unavailable', told, whole, { cause: error });
}
