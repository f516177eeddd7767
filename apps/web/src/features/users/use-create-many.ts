import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { toFailure, useTRPC, type Inputs } from '../../lib/trpc.ts';
import type { Listed } from './people-list.ts';

type Shared = Pick<Inputs['users']['create'], 'role' | 'groups'>;

interface Outcome {
  made: { username: string; password: string }[];
  refused: { person: Listed; reason: string }[];
}

const nobody: Outcome = { made: [], refused: [] };

/** Makes accounts one after the other: whom the hub refuses stops nobody else. */
export function useCreateMany() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const create = useMutation(trpc.users.create.mutationOptions());
  const [outcome, setOutcome] = useState(nobody);
  const [left, setLeft] = useState<number | null>(null);
  const stopped = useRef(false);

  async function one(person: Listed, shared: Shared): Promise<void> {
    try {
      const { username, generatedPassword } = await create.mutateAsync({ ...person, ...shared });
      const made = { username, password: generatedPassword ?? '' };
      setOutcome((old) => ({ ...old, made: [...old.made, made] }));
    } catch (error) {
      const refused = { person, reason: toFailure(error).message };
      setOutcome((old) => ({ ...old, refused: [...old.refused, refused] }));
    }
  }

  async function run(people: readonly Listed[], shared: Shared): Promise<void> {
    stopped.current = false;
    setOutcome(nobody);
    for (const [index, person] of people.entries()) {
      if (stopped.current) break;
      setLeft(people.length - index);
      await one(person, shared);
    }
    setLeft(null);
    await Promise.all([
      queryClient.invalidateQueries(trpc.users.pathFilter()),
      queryClient.invalidateQueries(trpc.groups.pathFilter()),
    ]);
  }

  return {
    ...outcome,
    /** How many are to come; null where nothing runs. */
    left,
    run,
    stop: () => void (stopped.current = true),
    reset: () => setOutcome(nobody),
  };
}
