import fc from 'fast-check';

/**
 * Texts that a server may send in place of a message: of the right shape, almost, and of none. `$id` is replaced by the
 * id of the request that they come before; other numbers are those of requests that were answered long ago, once
 * `SETTLED_IDS` have been.
 */

/** Ids from 0 to this that texts name. */
export const settledIds = 40;

function nested(open: string, close: string) {
  return fc
    .constantFrom(3, 300, 8_000)
    .map((levels) => open.repeat(levels) + (close === '' ? '' : '0') + close.repeat(levels));
}

const oddText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\ud800', '\u0000', '\ufeff', '\u2028', '__proto__', 'constructor', '-eyJ-eyJ', '${A:-', '1', ''),
  fc.constantFrom(300, 5_000).map((length) => 'x'.repeat(length)),
);

const json = fc.oneof(
  { weight: 6, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 3, arbitrary: oddText.map((text) => JSON.stringify(text)) },
  { weight: 3, arbitrary: fc.constantFrom('null', '[]', '{}', 'true', '5', '"1"', '1e400', '-0', '9007199254740993') },
  { weight: 1, arbitrary: fc.oneof(nested('[', ']'), nested('{"a":', '}'), nested('[', '')) },
);

const method = fc.constantFrom(
  'ping',
  'initialize',
  'roots/list',
  'sampling/createMessage',
  'elicitation/create',
  'notifications/message',
  'notifications/progress',
  'notifications/cancelled',
  'notifications/tools/list_changed',
  'notifications/resources/updated',
  'vendor/unknown',
);
const id = fc.oneof(
  { weight: 2, arbitrary: fc.nat(settledIds).map(String) },
  { weight: 2, arbitrary: fc.constantFrom('$id', '"$id"') },
  { weight: 1, arbitrary: json },
);
function member(key: string, value: fc.Arbitrary<string>) {
  return value.map((text) => `"${key}":${text}`);
}

const fields = fc.array(
  fc.oneof(
    member('id', id),
    member(
      'method',
      method.map((name) => JSON.stringify(name)),
    ),
    member('method', json),
    member('params', json),
    member(
      'params',
      id.map((text) => `{"progressToken":${text},"requestId":${text},"progress":1,"level":5,"_meta":${text}}`),
    ),
    member('result', json),
    member('error', json),
    member(
      'error',
      json.map((data) => `{"code":-32000,"message":"no","data":${data}}`),
    ),
    fc.constantFrom('"error":null', '"result":null', '"params":null', '"method":null', '"id":null', '"__proto__":{}'),
  ),
  { maxLength: 5 },
);
const message = fields.map((members) => `{"jsonrpc":"2.0"${members.map((each) => `,${each}`).join('')}}`);
const batch = fc
  .array(fc.oneof({ weight: 5, arbitrary: message }, json), { maxLength: 5 })
  .map((all) => `[${all.join(',')}]`);
/** Too many messages, yet far less than a line may have. */
const longBatch = message.map((each) => {
  const one = each.length > 5_000 ? '{"jsonrpc":"2.0","id":1,"method":"ping"}' : each;
  return `[${Array.from({ length: 1_500 }, () => one).join(',')}]`;
});

/** One hostile text. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  { weight: 30, arbitrary: message },
  { weight: 6, arbitrary: batch },
  { weight: 4, arbitrary: json },
  { weight: 4, arbitrary: oddText },
  // Cut off somewhere, with a mark before it, or with line ends of every kind within it.
  { weight: 4, arbitrary: fc.tuple(message, fc.nat(200)).map(([text, at]) => text.slice(0, at)) },
  { weight: 2, arbitrary: message.map((text) => `\ufeff${text}`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(message, fc.constantFrom('\r', '\n', '\r\n', '\n\n', '\u0000'))
      .map(([text, end]) => text.split(',').join(`,${end}`)),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'data:',
      'event: endpoint\ndata: http://elsewhere/',
      'event: x',
      'id: \u0000',
      `id: ${'9'.repeat(500)}`,
      'retry: 99999999999999999999',
      ':',
      'data: \ndata: \n',
      'event: message',
    ),
  },
  { weight: 1, arbitrary: fc.oneof({ weight: 9, arbitrary: batch }, longBatch) },
);
