import { expect, it } from 'vitest';
import { createBodyMeters } from './body-meters.ts';

function make() {
  const meters = createBodyMeters({ perCallerBytes: 100, totalBytes: 250 });
  const cut: string[] = [];
  function open(caller: string, name: string) {
    return meters.open(caller, () => cut.push(name));
  }
  return { open, cut };
}

it('ends the oldest body of a caller who is past its bound, and no other', () => {
  const { open, cut } = make();
  const [first, second, other] = [open('a', 'first'), open('a', 'second'), open('b', 'other')];
  first.add(60);
  other.add(90);
  second.add(60);
  expect(cut).toEqual(['first']);
  first.add(1_000);
  second.add(40);
  expect(cut).toEqual(['first']);
});

it('takes room from the caller who holds most', () => {
  const { open, cut } = make();
  open('a', 'small').add(60);
  open('b', 'large').add(100);
  open('c', 'third').add(90);
  const last = open('d', 'last');
  last.add(10);
  expect(cut).toEqual(['large']);
  last.add(90);
  expect(cut).toEqual(['large']);
});

it('ends a body that is past the bound alone', () => {
  const { open, cut } = make();
  open('a', 'huge').add(101);
  expect(cut).toEqual(['huge']);
});

it('counts no more what is read', () => {
  const { open, cut } = make();
  for (let n = 0; n < 10; n += 1) {
    const body = open('a', 'one');
    body.add(100);
    body.close();
    body.close();
  }
  expect(cut).toEqual([]);
});
