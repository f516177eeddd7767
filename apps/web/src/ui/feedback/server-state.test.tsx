// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renderPage } from '../../testing/render-page.tsx';
import { exampleServer } from '../../testing/server-things.ts';
import { ServerState } from './server-state.tsx';

const reason = { text: 'Nobody yet', params: {} };

it.each([
  ['nobodyYet', [], 'Needs sign-in'],
  ['nobodyYet', ['KEY'], 'Needs credentials'],
  ['nobodyFits', [], 'Needs credentials'],
  ['asleep', [], 'Asleep'],
] as const)('a server that is asleep for %s, without %j, says so', async (code, missing, label) => {
  const messageReason = { ...reason, code };
  const status = { phase: 'stopped', asleep: true, messageReason } as const;
  const server = exampleServer({ status, missingSlots: [...missing] });
  await renderPage(<ServerState server={server} />, { answers: {} });
  expect(screen.getByText(label)).toBeDefined();
});
