import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Upload } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { toFailure, useTRPC, type Inputs } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { IconButton } from '../../ui/form/button.tsx';

/** Takes up a conversation that was exported as JSON. */
export function ImportButton({ onDone }: { onDone: (() => void) | undefined }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const input = useRef<HTMLInputElement>(null);
  const take = useMutation(trpc.conversations.import.mutationOptions());
  async function read(file: File) {
    try {
      // The hub reads it at its gate, and says what is wrong with it.
      const { id } = await take.mutateAsync(JSON.parse(await file.text()) as Inputs['conversations']['import']);
      await queryClient.invalidateQueries(trpc.conversations.pathFilter());
      onDone?.();
      await navigate({ to: '/chat/$id', params: { id } });
    } catch (error) {
      const { message, fields } = toFailure(error);
      toast.bad(
        t('conversations.importFailed'),
        error instanceof SyntaxError ? undefined : (fields[0]?.message ?? message),
      );
    }
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,application/json"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) void read(file).finally(() => (target.value = ''));
        }}
      />
      <IconButton
        look="secondary"
        label={t('conversations.import')}
        busy={take.isPending}
        onClick={() => input.current?.click()}
      >
        <Upload aria-hidden className="size-4" />
      </IconButton>
    </>
  );
}
