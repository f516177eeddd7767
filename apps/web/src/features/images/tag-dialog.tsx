import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Image } from '../../lib/api-types.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Dialog } from '../../ui/layout/dialog.tsx';

/** Gives an image one name more. */
export function TagDialog({ image, onClose }: { image: Image | null; onClose: () => void }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const engine = useEngineName();
  const id = useId();
  const [name, setName] = useState('');
  function close() {
    tag.reset();
    setName('');
    onClose();
  }
  const tag = useMutation(
    trpc.images.tag.mutationOptions({
      onSuccess: async () => {
        toast.ok(t('images.tagged', { name }));
        close();
        await queryClient.invalidateQueries(trpc.images.pathFilter());
      },
    }),
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    if (image) tag.mutate({ engine, image: image.tags[0] ?? image.id, as: name.trim() });
  }
  return (
    <Dialog
      open={image !== null}
      onClose={close}
      title={t('images.tag')}
      footer={
        <>
          <Button onClick={close}>{t('common.cancel')}</Button>
          <Button type="submit" form={id} look="primary" busy={tag.isPending} disabled={name.trim() === ''}>
            {t('images.tagAction')}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate>
        <Field
          label={t('images.newName')}
          hint={t('images.newNameHint')}
          error={tag.error ? toFailure(tag.error).message : null}
        >
          <Input
            mono
            data-autofocus
            placeholder="team/app:1.2"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
