import { expect, it } from 'vitest';
import { say } from './reasons.ts';
import { RpcError, toErrorObject } from './rpc.ts';

it('tells the code of a reason and what it speaks of, beside whatever else is told', () => {
  const inner = say('noRoute', { host: 'a.example' });
  const why = say('ofServer', { id: 'a', reason: inner });
  const told = { code: 'ofServer', params: { id: 'a', reason: inner } };
  const error = new RpcError(-32000, why, { serverId: 'a', reason: 'unreachable' });
  expect(toErrorObject(error)).toEqual({
    code: -32000,
    message: 'Server a: There is no route to a.example.',
    data: { serverId: 'a', reason: 'unreachable', why: told },
  });
  expect(toErrorObject(new RpcError(-32000, why))).toMatchObject({ data: { why: told } });
});

it('passes on what a server said as it came', () => {
  for (const data of [undefined, null, 'more', [1], { own: true }]) {
    const error = new RpcError(-32001, 'Odd', data);
    expect(toErrorObject(error)).toEqual({ code: -32001, message: 'Odd', ...(data !== undefined && { data }) });
  }
  expect(toErrorObject(new TypeError('secret'))).toEqual({ code: -32603, message: 'Internal error' });
});
