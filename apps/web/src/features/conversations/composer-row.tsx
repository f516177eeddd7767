import { ArrowUp, Paperclip, Square } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/form/button.tsx';
import type { ComposerProps } from './composer-props.ts';
import { ComposerTools } from './composer-tools.tsx';

interface ComposerRowProps extends ComposerProps {
  isEmpty: boolean;
  onSubmit: () => void;
  onFiles: (files: File[]) => void;
}

/** What goes along with a message, and the button that sends it. */
export function ComposerRow({ conversation, chat, settings, isEmpty, onSubmit, onFiles }: ComposerRowProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="mt-1 flex flex-wrap items-center gap-1">
      <input
        ref={input}
        type="file"
        hidden
        multiple
        onChange={({ target }) => {
          const given = [...(target.files ?? [])];
          target.value = '';
          onFiles(given);
        }}
      />
      <IconButton size="sm" label={t('conversations.attach')} onClick={() => input.current?.click()}>
        <Paperclip aria-hidden className="size-4" />
      </IconButton>
      <ComposerTools conversation={conversation} settings={settings} />
      <span className="ml-auto flex items-center gap-1">
        {chat.isAnswered && (
          <IconButton
            size="sm"
            look="secondary"
            label={t('conversations.stop')}
            busy={chat.isStopping}
            onClick={chat.stop}
          >
            <Square aria-hidden className="size-3.5 fill-current" />
          </IconButton>
        )}
        <IconButton
          size="sm"
          look="primary"
          label={t(chat.isBusy ? 'conversations.sendLater' : 'conversations.send')}
          disabled={isEmpty || settings.settings === null}
          onClick={onSubmit}
        >
          <ArrowUp aria-hidden className="size-4" />
        </IconButton>
      </span>
    </div>
  );
}
