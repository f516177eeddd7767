import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suiteTitle } from '@switchboard/docker/testing';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../support/engine.ts';

let app: EngineApp;
const run = promisify(execFile);
function content() {
  return `services:\n  web:\n    image: ${app.image}\n    env_file: .env\n`;
}

/** What the real Compose reads out of the kept file. */
async function readByCompose(project: string): Promise<Record<string, string>> {
  const cwd = path.join(app.dataDir, 'stacks', 'local', project);
  const { stdout } = await run('docker', ['compose', 'config', '--format', 'json'], { cwd });
  const model = JSON.parse(stdout) as { services: { web: { environment?: Record<string, string> } } };
  return model.services.web.environment ?? {};
}

/** Texts with names and values that Compose reads; the values begin with `zq`. */
const texts: Readonly<Record<string, string>> = {
  spellings:
    "\ufeffBOMKEY=zq1\n2FA_KEY=zq2\nYAMLKEY: zq3\n密码=zq4\nK='zq\\'5rest'\nA[0]=zq6\nOK=zq7\n.DOT=zq8\n-D=zq9\n",
  quotes: 'A="zq1 \\" zq2"\nB=\'zq3 # "\'\nC="zq4\\\\"\nD="zq5\nzq6\nE=zq7"\nF=zq8 # said\nG=zq9"\n',
  'several on a line': 'A="zq1" B=\'zq2\' # zq3\nC: "zq4"\n',
  'windows line ends': 'A=zq1\r\nB="zq2"\r\n# about\r\nC = zq3\r\n',
  'export and blanks': 'export A=zq1\nexport\tB="zq2"\n  C  =  zq3\nD:zq4\n',
  variables: 'A=zq1\nB=${A}zq2\nC="${NOT:-zq3}"\nD=\'${A}zq4\'\nE=zq$$5\n',
  'names alone': 'A=zq1\nINHERITED\nB=zq2\n',
};

describe.skipIf(noEngine)(suiteTitle('environment files of stacks', engineFound), () => {
  beforeAll(async () => {
    app = await createEngineApp();
  });
  afterAll(() => app.stop());

  test.for(Object.entries(texts))(
    '%s: Compose reads the values, the editor shows none, and saving keeps each',
    async ([title, env]) => {
      const project = `${app.docker.prefix}-env-${title.replaceAll(' ', '-')}`;
      const stacks = app.client().stacks;
      const made = await stacks.create.mutate({ path: project, content: content(), env });
      const before = await readByCompose(project);
      const values = Object.values(before);
      expect(values.length).toBeGreaterThan(1);
      expect(values.join('\n')).toContain('zq1');
      expect(made.env).not.toMatch(/zq/);
      for (const [name, value] of Object.entries(before))
        if (value.startsWith('zq')) expect(`${made.env} B`).toContain(name);
      await stacks.update.mutate({ id: made.id, env: made.env });
      expect(await stacks.revealEnv.mutate({ id: made.id })).toEqual({ env });
      await stacks.update.mutate({ id: made.id, env: `${made.env ?? ''}\nADDED=zq-added\n` });
      expect(await readByCompose(project)).toEqual({ ...before, ADDED: 'zq-added' });
    },
  );

  test('a mask that does not tell which value it keeps is refused, and the kept values stay', async () => {
    const stacks = app.client().stacks;
    const env = 'KEY=zq1\nOTHER=zq2\n';
    const { id } = await stacks.create.mutate({ path: `${app.docker.prefix}-env-odd`, content: content(), env });
    for (const odd of ['RENAMED=***\n', 'KEY=***more\n', 'KEY="***\nOTHER=***"\n']) {
      await expect(stacks.update.mutate({ id, env: odd })).rejects.toMatchObject({ data: { code: 'BAD_REQUEST' } });
    }
    expect(await stacks.revealEnv.mutate({ id })).toEqual({ env });
  });
});
