import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { largestUpload, toBase64 } from '../../lib/files.ts';
import { bytes } from '../../lib/format.ts';
import { fieldMessage, toFailure, useTRPC, type Inputs } from '../../lib/trpc.ts';
import { useRun } from '../../lib/use-run.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { FilePick } from '../../ui/form/file-pick.tsx';
import { Input, Textarea } from '../../ui/form/input.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';
import { RunOutput } from '../../ui/output/run-output.tsx';

interface Draft {
  tag: string;
  from: 'archive' | 'files' | 'folder';
  archive: File | null;
  text: string;
  folder: string;
  dockerfile: string;
  noCache: boolean;
}

const empty: Draft = {
  tag: '',
  from: 'archive',
  archive: null,
  text: '',
  folder: '',
  dockerfile: '',
  noCache: false,
};

async function contextOf({ from, archive, text, folder }: Draft): Promise<Inputs['images']['build']['context']> {
  if (from === 'archive') return { kind: 'archive', base64: archive ? await toBase64(archive) : '' };
  if (from === 'files') return { kind: 'files', files: [{ path: 'Dockerfile', text }] };
  return { kind: 'folder', path: folder.trim() };
}

function isFilled({ tag, from, archive, text, folder }: Draft): boolean {
  const has = { archive: archive !== null && archive.size <= largestUpload, files: text !== '', folder: folder !== '' };
  return tag.trim() !== '' && has[from];
}

function Source({ draft, onChange }: { draft: Draft; onChange: (change: Partial<Draft>) => void }) {
  const { t, i18n } = useTranslation();
  if (draft.from === 'files') {
    return (
      <Field label="Dockerfile">
        <Textarea
          mono
          rows={8}
          placeholder={'FROM node:24-alpine\nRUN npm install -g my-server\nCMD ["my-server"]'}
          value={draft.text}
          onChange={(event) => onChange({ text: event.target.value })}
        />
      </Field>
    );
  }
  if (draft.from === 'folder') {
    return (
      <Field label={t('images.folder')} hint={t('images.folderHint')}>
        <Input
          mono
          placeholder="/srv/app"
          value={draft.folder}
          onChange={(event) => onChange({ folder: event.target.value })}
        />
      </Field>
    );
  }
  const size = draft.archive?.size ?? 0;
  return (
    <div className="flex flex-wrap items-center gap-3 text-sm">
      <FilePick accept=".tar,.tgz,.gz" onFiles={([archive]) => onChange({ archive: archive ?? null })}>
        {t('images.chooseArchive')}
      </FilePick>
      {draft.archive && (
        <span>
          {draft.archive.name} <span className="text-ink-3 tabular">{bytes(size, i18n.language)}</span>
        </span>
      )}
      {size > largestUpload ? (
        <p role="alert" className="w-full text-bad">
          {t('images.archiveTooLarge', { size: bytes(largestUpload, i18n.language) })}
        </p>
      ) : (
        <p className="w-full text-xs text-ink-3">{t('images.archiveHint')}</p>
      )}
    </div>
  );
}

/** Makes an image of a Dockerfile and what belongs to it, and shows what the engine says meanwhile. */
export function BuildDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const engine = useEngineName();
  const id = useId();
  const [draft, setDraft] = useState(empty);
  const build = useMutation(trpc.images.build.mutationOptions());
  const run = useRun(build.data?.id ?? null, () => void queryClient.invalidateQueries(trpc.images.pathFilter()));
  const failure = build.error ? toFailure(build.error) : null;
  function change(next: Partial<Draft>) {
    setDraft((old) => ({ ...old, ...next }));
  }
  const going = build.data !== undefined && run.end === null && run.lost === null;
  function close() {
    build.reset();
    setDraft(empty);
    onClose();
  }
  async function submit(event: FormEvent) {
    event.preventDefault();
    const context = await contextOf(draft);
    const { dockerfile, noCache } = draft;
    const file = dockerfile.trim() === '' ? {} : { dockerfile: dockerfile.trim() };
    build.mutate({ engine, tag: draft.tag.trim(), context, noCache, ...file });
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      shape="right"
      title={t('images.build')}
      footer={
        <>
          <Button onClick={close}>{t(build.data ? 'common.close' : 'common.cancel')}</Button>
          <Button type="submit" form={id} look="primary" busy={build.isPending || going} disabled={!isFilled(draft)}>
            {t('images.buildAction')}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
        <Field label={t('images.newName')} hint={t('images.newNameHint')} error={fieldMessage(failure, 'tag')}>
          <Input
            mono
            data-autofocus
            placeholder="team/app:1.2"
            value={draft.tag}
            onChange={(event) => change({ tag: event.target.value })}
          />
        </Field>
        <Segmented
          label={t('images.buildFrom')}
          value={draft.from}
          onChange={(from) => change({ from })}
          options={[
            { value: 'archive', label: t('images.fromArchive') },
            { value: 'files', label: t('images.fromText') },
            { value: 'folder', label: t('images.fromFolder') },
          ]}
        />
        <Source draft={draft} onChange={change} />
        {draft.from !== 'files' && (
          <Field label={t('images.dockerfile')} note={t('common.optional')}>
            <Input
              mono
              placeholder="Dockerfile"
              value={draft.dockerfile}
              onChange={(event) => change({ dockerfile: event.target.value })}
            />
          </Field>
        )}
        <SwitchRow label={t('images.noCache')} checked={draft.noCache} onChange={(noCache) => change({ noCache })} />
        {failure && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {failure.message}
          </Callout>
        )}
        {build.data && <RunOutput title={build.data.subject} run={run} />}
      </form>
    </Dialog>
  );
}
