/** Conversations as the hub tells them. */
import type { Outputs } from '../lib/trpc.ts';
import type { Round } from '../ui/rounds/types.ts';

type Item = Outputs['conversations']['list'][number];

export function exampleConversation(item: Partial<Item> = {}): Item {
  return {
    id: 'c-1',
    externalId: 'c-1',
    ownerId: 'u-ada',
    kind: 'chat',
    makes: null,
    title: 'About engines',
    titledBy: 'model',
    status: 'active',
    archived: false,
    tags: [],
    visibility: 'private',
    groups: [],
    rounds: 1,
    tokensIn: 0,
    tokensOut: 0,
    cost: 0,
    createdAt: '2026-11-01T08:00:00.000Z',
    updatedAt: '2026-11-01T08:00:00.000Z',
    isAnswered: false,
    ...item,
  };
}

/** A round that was answered. */
export function exampleRound(round: Partial<Round> = {}): Round {
  return {
    id: 'r-1',
    parentId: null,
    siblings: ['r-1'],
    state: 'done',
    settings: {
      model: 'fast',
      fallback: null,
      systemPrompt: '',
      chosen: { servers: [], groups: [], tools: null },
      options: {},
    },
    content: 'What is an engine?',
    attachments: [],
    messages: [
      {
        role: 'assistant',
        turn: 1,
        message: { role: 'assistant', content: 'It **computes**.' },
        cut: false,
        model: 'fast-2026',
        usage: { tokensIn: 10, tokensOut: 4, cost: 0, estimated: false },
        ms: 900,
        thoughtMs: null,
      },
    ],
    finish: 'stop',
    failure: null,
    canContinue: false,
    compacted: false,
    tokensIn: 10,
    tokensOut: 4,
    cost: 0,
    createdAt: '2026-11-01T08:00:00.000Z',
    endedAt: '2026-11-01T08:00:02.000Z',
    ...round,
  };
}
