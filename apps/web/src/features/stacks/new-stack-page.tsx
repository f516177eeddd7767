import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button, buttonClass } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { StackEditor } from './stack-editor.tsx';

const example = `services:
  web:
    image: nginx:1.29
    ports:
      - 127.0.0.1:8080:80
`;

export function NewStackPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { engine } = useSearch({ from: '/engine/stacks/new' });
  const [path, setPath] = useState('');
  const [text, setText] = useState({ content: example, env: '' });
  const [valid, setValid] = useState(false);
  const up = useMutation(trpc.stacks.up.mutationOptions());
  const create = useMutation(trpc.stacks.create.mutationOptions());
  const error = create.error ?? up.error;
  const failure = error ? toFailure(error) : null;
  async function save(deploy: boolean) {
    const { content, env } = text;
    const given = path.trim() === '' ? {} : { path: path.trim() };
    try {
      const { id } = await create.mutateAsync({ engine, content, env: env === '' ? null : env, ...given });
      if (deploy) await up.mutateAsync({ id });
      await queryClient.invalidateQueries(trpc.stacks.list.pathFilter());
      await navigate({ to: '/stacks/$id', params: { id } });
    } catch {
      // The form says why.
    }
  }
  const busy = create.isPending || up.isPending;
  return (
    <Page
      title={t('stacks.add')}
      lead={t('stacks.addLead')}
      above={
        <Breadcrumb>
          <Link to="/stacks" search={{ engine }}>
            {t('stacks.title')}
          </Link>
        </Breadcrumb>
      }
    >
      <form
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void save(true);
        }}
      >
        <Field
          className="max-w-md"
          label={t('stacks.path')}
          note={t('common.optional')}
          hint={t('stacks.pathHint')}
          error={fieldMessage(failure, 'path')}
        >
          <Input mono placeholder="team/web" value={path} onChange={(event) => setPath(event.target.value)} />
        </Field>
        <StackEditor engine={engine} path={path.trim()} text={text} onChange={setText} onValid={setValid} />
        {failure && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {failure.message}
          </Callout>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="primary" busy={busy} disabled={!valid}>
            {t('stacks.createAndUp')}
          </Button>
          <Button disabled={!valid || busy} onClick={() => void save(false)}>
            {t('stacks.create')}
          </Button>
          <Link to="/stacks" search={{ engine }} className={buttonClass('ghost')}>
            {t('common.cancel')}
          </Link>
        </div>
      </form>
    </Page>
  );
}
