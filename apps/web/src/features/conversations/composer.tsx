import { useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/class-names.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Attachments } from './attachments-view.tsx';
import { readFiles } from './attachments.ts';
import type { ComposerProps } from './composer-props.ts';
import { ComposerRow } from './composer-row.tsx';
import { ExtrasList, extrasListId, optionId } from './extras-list.tsx';
import { PromptDialog } from './prompt-dialog.tsx';
import { QueueView } from './queue-view.tsx';
import { noTools } from './settings.ts';
import { useDraft } from './use-draft.ts';
import { useExtras } from './use-extras.ts';

const mostFiles = 10;

interface FileDropProps {
  onOver: (isOver: boolean) => void;
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

/** Files that are dropped here go along with the message. */
function FileDrop({ onOver, onFiles, children }: FileDropProps) {
  return (
    <div
      className="px-3 pb-3 sm:px-4"
      onDragOver={(event) => {
        event.preventDefault();
        onOver(true);
      }}
      onDragLeave={() => onOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        onOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children}
    </div>
  );
}

/** Where a message is written. It keeps the focus while answers come. */
export function Composer(props: ComposerProps) {
  const { conversation, chat, settings, editing, onEditing } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const { box, text, setText, files, setFiles } = useDraft(props);
  const [isOver, setOver] = useState(false);
  const chosen = settings.settings?.chosen ?? noTools;
  const extras = useExtras({
    text,
    chosen,
    onText: setText,
    onFile: (file) => setFiles((now) => [...now, file].slice(0, mostFiles)),
  });
  const isEmpty = text.trim() === '' && files.length === 0;

  async function add(given: readonly File[]) {
    const { attachments, refused } = await readFiles(given);
    setFiles((now) => [...now, ...attachments].slice(0, mostFiles));
    for (const { name, why } of refused) toast.bad(t(`conversations.file.${why}`, { name }));
  }
  function submit() {
    if (isEmpty || settings.settings === null) return;
    chat.say({
      content: text,
      attachments: files,
      ...(editing && { parentId: editing.parentId }),
      ...(settings.beside !== null && { beside: settings.beside }),
    });
    settings.compareWith(null);
    setText('');
    setFiles([]);
    onEditing(null);
  }
  function onKey(event: KeyboardEvent) {
    // Enter that ends the choice of a character is none that sends.
    if (event.nativeEvent.isComposing || extras.onKey(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === 'ArrowUp' && text === '' && !chat.isBusy && conversation?.shown.at(-1)) {
      event.preventDefault();
      onEditing(conversation.shown.at(-1) ?? null);
    }
  }
  function onPaste(event: ClipboardEvent) {
    const given = [...event.clipboardData.files];
    if (given.length === 0) return;
    event.preventDefault();
    void add(given);
  }
  return (
    <FileDrop onOver={setOver} onFiles={(given) => void add(given)}>
      <div className="mx-auto w-full max-w-3xl">
        <QueueView chat={chat} />
        <ExtrasList extras={extras} />
        {extras.asked && <PromptDialog prompt={extras.asked} chosen={chosen} extras={extras} />}
        <div
          className={cx(
            'rounded-xl border bg-raised p-2 shadow-lift focus-within:border-accent',
            isOver ? 'border-accent' : 'border-line-strong',
          )}
        >
          {editing && (
            <p className="mb-1 flex items-center justify-between gap-2 px-2 text-sm text-ink-3">
              {t('conversations.editing')}
              <Button size="sm" look="ghost" onClick={() => onEditing(null)}>
                {t('common.cancel')}
              </Button>
            </p>
          )}
          {files.length > 0 && (
            <div className="mb-1 flex px-1">
              <Attachments
                attachments={files}
                onRemove={(index) => setFiles((now) => now.filter((_, at) => at !== index))}
              />
            </div>
          )}
          <textarea
            ref={box}
            rows={1}
            value={text}
            aria-label={t('conversations.message')}
            placeholder={t('conversations.placeholder')}
            aria-autocomplete="list"
            aria-controls={extras.options.length > 0 ? extrasListId : undefined}
            aria-activedescendant={extras.options.length > 0 ? optionId(extras.active) : undefined}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKey}
            onPaste={onPaste}
            className="block max-h-80 w-full resize-none bg-transparent px-2 py-1.5 text-base outline-none scroll-thin"
          />
          <ComposerRow {...props} isEmpty={isEmpty} onSubmit={submit} onFiles={(given) => void add(given)} />
        </div>
      </div>
    </FileDrop>
  );
}
