import { sql, type SQL } from 'drizzle-orm';
import { firstStep, slots, stepOf } from './slots.ts';

/** Texts that are longer count for no tool, group or person of their own. */
const longestValue = sql.raw('200');
/** Of one server and bucket: a caller with made-up tool names creates no more rows than these. */
export const mostTools = sql.raw('200');

/** The text of a list for `= any(...)` and `unnest`. */
export function intArray(values: readonly number[]): SQL {
  return sql`${`{${values.join(',')}}`}::integer[]`;
}

/**
 * Common table expressions that count records by bucket, dimension, value and slot, as `facts`. They read the buckets of
 * `spans (bucket)`, each of so many minutes. Calls belong to the minute in which they began; `where` narrows them.
 */
export function countRecords(minutes: number, where?: SQL): SQL {
  const length = sql.raw(String(minutes));
  return sql`
    told as (
      select bucket, server_id as server,
        case when method = 'tools/call' and length(name) between 1 and ${longestValue} then server_id || '/' || name end as tool,
        case when endpoint <> 'all' and endpoint is distinct from server_id then endpoint end as of_group,
        case when credential like 'key:%' or credential like 'grant:%' then split_part(credential, ':', 3) end as key,
        user_id as person, ${stepOf} as step, duration_ms, method, outcome
      from spans join call_records on started_at >= to_timestamp(bucket * 60::double precision)
        and started_at < to_timestamp((bucket + ${length}) * 60::double precision)
    ),
    calls as materialized (
      select bucket, server, tool, of_group, key, person, step, count(*) as n,
        sum(round(duration_ms * 1000))::bigint as us,
        count(*) filter (where method <> 'tools/call') as other,
        count(*) filter (where outcome in ('error', 'timeout')) as errors,
        count(*) filter (where outcome = 'tool_error') as tool_errors
      from told where ${where ?? sql`true`}
      group by 1, 2, 3, 4, 5, 6, 7
    ),
    turns as materialized (
      select bucket, model_id as model, user_id as person, key_id as key, sum(tokens_in)::bigint as tokens_in,
        sum(tokens_out)::bigint as tokens_out, count(*) as n, count(*) filter (where outcome = 'error') as errors
      from spans join model_turns on started_at >= to_timestamp(bucket * 60::double precision)
        and started_at < to_timestamp((bucket + ${length}) * 60::double precision)
      where outcome is not null
      group by 1, 2, 3, 4
    ),
    facts as materialized (
      select bucket, dimension, value, slot, sum(counted.n)::bigint as n
      from calls
        cross join lateral (values ('all', ''), ('server', server), ('tool', tool), ('group', of_group), ('key', key),
          ('user', person)) as dimensions (dimension, value)
        cross join lateral (values (step, calls.n), (${slots.callUs}::integer, us), (${slots.otherCalls}::integer, other),
          (${slots.errors}::integer, errors), (${slots.toolErrors}::integer, tool_errors)) as counted (slot, n)
      where counted.n > 0 and length(value) <= ${longestValue} * 2
      group by 1, 2, 3, 4
      union all
      select bucket, dimension, value, slot, sum(counted.n)::bigint as n
      from turns
        cross join lateral (values ('all', ''), ('model', model), ('key', key), ('user', person)) as dimensions (dimension, value)
        cross join lateral (values (${slots.tokensIn}::integer, tokens_in), (${slots.tokensOut}::integer, tokens_out),
          (${slots.turns}::integer, turns.n), (${slots.turnErrors}::integer, errors)) as counted (slot, n)
      where counted.n > 0 and length(value) <= ${longestValue} * 2
      group by 1, 2, 3, 4
    )`;
}

/** Which of `facts` are kept: of the tools of one server the most called of each bucket. */
export const keptFacts = sql`
  most_called as materialized (
    select bucket, value from (
      select bucket, value, row_number() over (partition by bucket, split_part(value, '/', 1) order by sum(n) desc, value) as place
      from facts where dimension = 'tool' and slot >= ${firstStep} group by bucket, value
    ) as ranked where place <= ${mostTools}
  ),
  kept as materialized (
    select * from facts where dimension <> 'tool' or (bucket, value) in (select bucket, value from most_called)
  )`;
