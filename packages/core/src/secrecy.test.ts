import { describe, expect, it } from 'vitest';
import { isSecret, isSecretName, isSecretValue } from './secrecy.ts';

const secretNames = `API_KEY apiKey APIKEY X-Api-Key OPENAI_API_KEY openai.api.key GITHUB_TOKEN githubToken TOKENS
  MAX_TOKENS accesstoken PASSWORD DB_PASSWORD dbPassword MYPASSWORDS PASS DB_PASSES PASSWD MYSQL_PWD PASSPHRASE
  SECRET CLIENT_SECRET clientsecret SECRETS AWS_SECRET_ACCESS_KEY AUTH NPM_AUTH Authorization BEARER CREDENTIAL
  GOOGLE_CREDENTIALS COOKIE SESSION_ID sessionId JWT JWTS GH_PAT OTP OTP_SEED SALT SIGNATURE PRIVATE private.key
  TLS_CERT certs SENTRY_DSN SLACK_WEBHOOK WebhookURL HTTPAuth`;
const plainNames = `PATH HOME LOG_LEVEL NODE_ENV PORT HOST DEBUG LANG TZ REGION AWS_REGION AUTHOR AUTHORS KEYBOARD
  MONKEY KEYCLOAK_URL PATTERN PATIENT COMPASS PASSENGER BYPASSED OAUTHLIB TURKEY DATABASE_URL BASE_URL TIMEOUT MODEL
  CERTAIN SESSIONLESS PRIVATELY SALTED USER_NAME WORKERS CONCERT`;

describe('a name', () => {
  function each(names: string) {
    return names.trim().split(/\s+/);
  }

  it.each(each(secretNames))('%s says that its value is secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(each(plainNames))('%s says nothing of its value', (name) => expect(isSecretName(name)).toBe(false));

  it('is one of eighty here', () => expect(each(`${secretNames} ${plainNames}`).length).toBeGreaterThan(80));
});

describe('a value', () => {
  it.each([
    'https://me:pw@h.example/mcp',
    'https://me@h.example',
    'postgres://app:pw@db:5432/app',
    'https://h.example/mcp?key=1',
    'see https://h.example/a?b',
    '-----BEGIN PRIVATE KEY-----\nabc',
    'ghp_0123456789abcdefghij',
    'sk-proj-0123456789abcdef',
    'x AKIA0123456789ABCDEF y',
    'eyJhbGciOiJIUzI1NiJ9.e30.abc',
    'Bearer abcdefgh',
    'Basic bWU6cHc=',
  ])('%j is secret whatever it is called', (value) => {
    expect(isSecretValue(value)).toBe(true);
    expect(isSecret('PLAIN', value)).toBe(true);
  });

  it.each([
    'production',
    'info',
    '8080',
    'https://h.example/mcp',
    '/srv/data',
    'a?b',
    'sk-',
    'me@h.example',
    '${NAME}',
  ])('%j is not', (value) => {
    expect(isSecretValue(value)).toBe(false);
    expect(isSecret('TOKEN', value)).toBe(true);
  });
});
