import { describe, expect, it } from 'vitest';
import { parsePeople, toLines, toPasswordCsv } from './people-list.ts';

describe('parsePeople', () => {
  it.each([
    ['anna', { username: 'anna', fullName: null, email: null }],
    ['anna, Anna Berg, anna@example.com', { username: 'anna', fullName: 'Anna Berg', email: 'anna@example.com' }],
    ['anna\tAnna Berg', { username: 'anna', fullName: 'Anna Berg', email: null }],
    ['"anna"; anna@example.com', { username: 'anna', fullName: null, email: 'anna@example.com' }],
    ['anna@example.com', { username: 'anna', fullName: null, email: 'anna@example.com' }],
  ])('reads %j', (line, person) => expect(parsePeople(line)).toEqual([person]));

  it('leaves out headings, empty lines and who is there twice', () => {
    const text = 'username,full name,email\r\nanna,Anna\r\n\r\nBo\nANNA,Another\n';
    expect(parsePeople(text).map(({ username }) => username)).toEqual(['anna', 'Bo']);
    expect(parsePeople(' \n,;\n')).toEqual([]);
  });

  it('is read again from what is left', () => {
    const people = parsePeople('anna, Anna Berg, anna@example.com\nbo');
    expect(parsePeople(toLines(people))).toEqual(people);
  });
});

it('writes passwords as a spreadsheet reads them', () => {
  expect(toPasswordCsv([{ username: 'a,b', password: 'x"y' }])).toBe('username,password\r\n"a,b","x""y"\r\n');
});
