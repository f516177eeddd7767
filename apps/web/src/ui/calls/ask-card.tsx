import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { safeLink } from '../../lib/safe-link.ts';
import { Button, buttonClass } from '../form/button.tsx';
import { Field } from '../form/field.tsx';
import { Textarea } from '../form/input.tsx';
import { SchemaForm } from '../schema-form/schema-form.tsx';
import { initial, isSchema, text, type Schema } from '../schema-form/schema.ts';
import { validate, type Problems } from '../schema-form/validate.ts';
import { AskFrame, useAnswer, type AskProps } from './ask-frame.tsx';
import { toBlock, toList } from './blocks.ts';
import { ContentBlock } from './content-block.tsx';

const nothingWrong: Problems = new Map();

function FormAsk({ ask, onAnswer }: AskProps) {
  const { t } = useTranslation();
  const { busy, problem, send } = useAnswer(onAnswer);
  const schema: Schema = isSchema(ask.params['requestedSchema']) ? ask.params['requestedSchema'] : {};
  const [value, setValue] = useState<unknown>(() => initial(schema, schema, true) ?? {});
  const [problems, setProblems] = useState<Problems>(nothingWrong);
  function accept() {
    const found = validate(schema, schema, value);
    setProblems(found);
    if (found.size === 0) send({ action: 'accept', content: isSchema(value) ? value : {} });
  }
  return (
    <AskFrame
      title={t('ask.form')}
      problem={problem}
      actions={
        <>
          <Button look="primary" busy={busy} onClick={accept}>
            {t('ask.send')}
          </Button>
          <Button disabled={busy} onClick={() => send({ action: 'decline' })}>
            {t('ask.decline')}
          </Button>
          <Button look="ghost" disabled={busy} onClick={() => send({ action: 'cancel' })}>
            {t('ask.cancel')}
          </Button>
        </>
      }
    >
      <p className="mb-4 break-words whitespace-pre-wrap">{text(ask.params['message'])}</p>
      <SchemaForm schema={schema} value={value} onChange={setValue} problems={problems} />
    </AskFrame>
  );
}

function UrlAsk({ ask, onAnswer }: AskProps) {
  const { t } = useTranslation();
  const { busy, problem, send } = useAnswer(onAnswer);
  const url = text(ask.params['url']) ?? '';
  const link = safeLink(url);
  return (
    <AskFrame
      title={t('ask.url')}
      problem={problem}
      actions={
        <>
          {link !== null && (
            <a
              href={link}
              target="_blank"
              rel="noopener noreferrer nofollow"
              className={buttonClass('primary')}
              onClick={() => send({ action: 'accept' })}
            >
              {t('ask.openUrl')}
            </a>
          )}
          <Button disabled={busy} onClick={() => send({ action: 'decline' })}>
            {t('ask.decline')}
          </Button>
        </>
      }
    >
      <p className="mb-2 break-words whitespace-pre-wrap">{text(ask.params['message'])}</p>
      <code className="block rounded-md bg-sunken p-2 font-mono text-sm break-all">{url}</code>
      <p className="mt-2 text-sm text-ink-3">{link === null ? t('ask.unsafeUrl') : t('ask.urlHint')}</p>
    </AskFrame>
  );
}

function SamplingAsk({ ask, serverId, onAnswer, onModel }: AskProps) {
  const { t } = useTranslation();
  const { busy, problem, run, send, decline } = useAnswer(onAnswer);
  const [answer, setAnswer] = useState('');
  const system = text(ask.params['systemPrompt']);
  return (
    <AskFrame
      title={t('ask.sampling')}
      problem={problem}
      actions={
        <>
          {onModel && (
            <Button look="primary" busy={busy} onClick={() => run(onModel())}>
              {t('ask.model')}
            </Button>
          )}
          <Button
            look={onModel ? 'secondary' : 'primary'}
            busy={busy}
            disabled={answer.trim() === ''}
            onClick={() =>
              send({
                role: 'assistant',
                content: { type: 'text', text: answer },
                model: 'human',
                stopReason: 'endTurn',
              })
            }
          >
            {t('ask.send')}
          </Button>
          <Button disabled={busy} onClick={decline}>
            {t('ask.decline')}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-sm text-ink-3">{t(onModel ? 'ask.samplingModelHint' : 'ask.samplingHint')}</p>
      {system !== null && <p className="mb-3 text-sm whitespace-pre-wrap text-ink-2">{system}</p>}
      <div className="mb-4 flex flex-col gap-2">
        {toList(ask.params['messages']).flatMap((message, index) =>
          toList(isSchema(message) ? message['content'] : message).map((part, each) => (
            <ContentBlock key={`${index}.${each}`} block={toBlock(part)} serverId={serverId} />
          )),
        )}
      </div>
      <Field label={t('ask.reply')} required={!onModel}>
        <Textarea rows={4} value={answer} onChange={(event) => setAnswer(event.target.value)} />
      </Field>
    </AskFrame>
  );
}

function RootsAsk({ onAnswer }: AskProps) {
  const { t } = useTranslation();
  const { busy, problem, send, decline } = useAnswer(onAnswer);
  const [lines, setLines] = useState('');
  const roots = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((uri) => ({ uri }));
  return (
    <AskFrame
      title={t('ask.roots')}
      problem={problem}
      actions={
        <>
          <Button look="primary" busy={busy} onClick={() => send({ roots })}>
            {t('ask.send')}
          </Button>
          <Button disabled={busy} onClick={decline}>
            {t('ask.decline')}
          </Button>
        </>
      }
    >
      <Field label={t('ask.rootUris')} hint={t('ask.rootsHint')}>
        <Textarea
          mono
          rows={3}
          placeholder="file:///home/me/project"
          value={lines}
          onChange={(event) => setLines(event.target.value)}
        />
      </Field>
    </AskFrame>
  );
}

/** A question of the server to the person who made the call. */
export function AskCard(props: AskProps) {
  const { method, params } = props.ask;
  if (method === 'sampling/createMessage') return <SamplingAsk {...props} />;
  if (method === 'roots/list') return <RootsAsk {...props} />;
  return params['mode'] === 'url' ? <UrlAsk {...props} /> : <FormAsk {...props} />;
}
