import { describe, expect, it } from 'vitest';
import { Username } from './schema.ts';
import { readUsername, usernameKey } from './usernames.ts';

describe('a user name', () => {
  it.each([
    '用户名',
    '张三',
    'admin',
    'a.b_c@d-e',
    '9lives',
    'Müller',
    'Иван',
    'Ελένη',
    'محمد',
    'דוד',
    'देवनागरी',
    'สมชาย',
    'たなか',
    'タナカ',
    '田中さん',
    '김철수',
    'ㄅㄆ',
    '张三-dev',
    'გიორგი',
    'ቴዎድሮስ',
    'Nguyễn',
    'x'.repeat(64),
    '字'.repeat(64),
  ])('may be %s', (name) => {
    expect(Username.parse(name)).toBe(name.normalize('NFKC'));
  });

  it.each([
    ['ａｄｍｉｎ', 'admin'],
    ['ﬁsh', 'fish'],
    ['Mu\u0308ller', 'Müller'],
    ['Ⅳa', 'IVa'],
  ])('%s is kept as %s', (given, kept) => {
    expect(readUsername(given)).toEqual({ name: kept });
  });

  it.each([
    ['', 'empty'],
    ['аdmin', 'one script'],
    ['admіn', 'one script'],
    ['pαul', 'one script'],
    ['Иvan', 'one script'],
    ['たなか김', 'one script'],
    ['ad\u200bmin', 'invisible'],
    ['ad\u200dmin', 'invisible'],
    ['a\u034fb', 'invisible'],
    ['\u3164', 'invisible'],
    ['ad\ufe0fmin', 'invisible'],
    ['\u202eadmin', 'invisible'],
    ['\u0301a', 'letters of any script'],
    [`a${'\u0300'.repeat(6)}`, 'letters of any script'],
    ['two words', 'letters of any script'],
    ['a\u00a0b', 'letters of any script'],
    ['a/b', 'letters of any script'],
    ['.a', 'letters of any script'],
    ['😀', 'letters of any script'],
    ['x'.repeat(65), 'at most 64'],
    ['\ufdfa'.repeat(64), 'at most 64'],
    ['x'.repeat(1_000_000), 'at most 64'],
  ])('may not be %j', (given, words) => {
    expect(Username.safeParse(given).error?.issues[0]?.message).toContain(words);
  });

  it.each([
    ['Admin', 'aDMIN'],
    ['MÜLLER', 'müller'],
    ['Иван', 'ИВАН'],
    ['Ａlice', 'alice'],
    ['ΣΑΣ', 'σας'],
  ])('%s is the same as %s', (one, other) => {
    expect(usernameKey(one)).toBe(usernameKey(other));
  });
});
