import type { Page } from 'playwright-core';
import type { RecordedRequest } from '@switchboard/agents/testing';

/** The page of chats, as tests use it. */

export function box(page: Page) {
  return page.getByRole('textbox', { name: 'Message', exact: true });
}
export function log(page: Page) {
  return page.getByRole('log', { name: 'Messages' });
}
/** What was said, where it stands; it is spoken besides. */
export function told(page: Page, text: string) {
  return log(page).getByRole('paragraph').filter({ hasText: text }).first();
}
export async function say(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await box(page).press('Enter');
}
/** What was said last in a request; titles are asked for in the same way. */
export function saidIn({ body }: RecordedRequest): string {
  const messages = body?.['messages'] as { role: string; content: string }[] | undefined;
  return messages?.findLast(({ role }) => role === 'user')?.content ?? '';
}
/** Nothing is answered any more. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop (Esc)' }).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Answer again' }).last().waitFor();
}
