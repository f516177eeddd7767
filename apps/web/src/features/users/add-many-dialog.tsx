import { Download } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { roles } from '@switchboard/core/access/schema';
import type { User } from '../../lib/api-types.ts';
import { saveAs } from '../../lib/files.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Select, Textarea } from '../../ui/form/input.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { GroupChoices } from './group-choices.tsx';
import { parsePeople, toLines, toPasswordCsv } from './people-list.ts';
import { useCreateMany } from './use-create-many.ts';

function Outcome({ made, refused }: Pick<ReturnType<typeof useCreateMany>, 'made' | 'refused'>) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      {made.length > 0 && (
        <Callout
          tone="warn"
          title={t('users.many.made', { count: made.length })}
          actions={
            <Button
              size="sm"
              icon={<Download aria-hidden className="size-4" />}
              onClick={() => saveAs('first-passwords.csv', toPasswordCsv(made))}
            >
              {t('users.many.download')}
            </Button>
          }
        >
          {t('users.many.once')}
        </Callout>
      )}
      {refused.length > 0 && (
        <Callout alert tone="bad" title={t('users.many.refused', { count: refused.length })}>
          <ul className="flex list-disc flex-col gap-1 pl-5">
            {refused.map(({ person, reason }) => (
              <li key={person.username} className="break-words">
                <code className="font-mono text-sm">{person.username}</code>: {reason}
              </li>
            ))}
          </ul>
        </Callout>
      )}
    </div>
  );
}

/** Makes accounts of a pasted list; the hub gives each a first password. */
export function AddManyDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState('');
  const [role, setRole] = useState<User['role']>('user');
  const [groups, setGroups] = useState<string[]>([]);
  const many = useCreateMany();
  const people = parsePeople(text);
  const running = many.left !== null;
  const ended = !running && many.made.length + many.refused.length > 0;
  function close() {
    many.stop();
    many.reset();
    setText('');
    onClose();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void many.run(people, { role, groups });
  }
  const done = new Set(many.made.map(({ username }) => username));
  const rest = people.filter(({ username }) => !done.has(username));
  function again() {
    setText(toLines(rest));
    many.reset();
  }
  return (
    <Dialog
      open={open}
      onClose={running ? many.stop : close}
      shape="right"
      title={t('users.many.title')}
      footer={
        <>
          {ended && rest.length > 0 && <Button onClick={again}>{t('users.many.again')}</Button>}
          {ended ? (
            <Button look="primary" onClick={close}>
              {t('common.done')}
            </Button>
          ) : (
            <>
              <Button onClick={running ? many.stop : close}>{t(running ? 'users.many.stop' : 'common.cancel')}</Button>
              <Button type="submit" form={id} look="primary" busy={running} disabled={people.length === 0}>
                {running
                  ? t('users.many.left', { count: many.left ?? 0 })
                  : t('users.many.create', { count: people.length })}
              </Button>
            </>
          )}
        </>
      }
    >
      {ended ? (
        <Outcome made={many.made} refused={many.refused} />
      ) : (
        <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-5">
          <Field label={t('users.many.list')} hint={t('users.many.hint')}>
            <Textarea
              data-autofocus
              mono
              rows={10}
              spellCheck={false}
              placeholder={'anna, Anna Berg, anna@example.com\nbo@example.com'}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </Field>
          <Field label={t('common.role')} hint={t(`users.roleHint.${role}`)}>
            <Select
              value={role}
              onChange={({ target }) => setRole(roles.find((each) => each === target.value) ?? 'user')}
            >
              {roles.map((each) => (
                <option key={each} value={each}>
                  {t(`role.${each}`)}
                </option>
              ))}
            </Select>
          </Field>
          <GroupChoices value={groups} onChange={setGroups} error={null} />
        </form>
      )}
    </Dialog>
  );
}
