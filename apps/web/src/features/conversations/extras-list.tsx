import { useTranslation } from 'react-i18next';
import { cx } from '../../ui/class-names.ts';
import type { Option } from './extras.ts';
import type { ExtrasState } from './use-extras.ts';

export const extrasListId = 'chat-extras';

export function optionId(index: number): string {
  return `${extrasListId}-${index}`;
}

function keyOf(option: Option): string {
  return option.kind === 'command' ? option.prompt.exposedName : option.resource.uri;
}

/** What fits the command or the mention that is being typed; the keyboard stays in the message. */
export function ExtrasList({ extras: { options, active, choose } }: { extras: ExtrasState }) {
  const { t } = useTranslation();
  if (options.length === 0) return null;
  return (
    <div
      id={extrasListId}
      role="listbox"
      tabIndex={-1}
      aria-label={t(options[0]?.kind === 'command' ? 'conversations.extras.prompts' : 'conversations.extras.resources')}
      className="mb-2 max-h-64 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-float scroll-thin"
    >
      {options.map((option, index) => {
        const { title, detail } =
          option.kind === 'command'
            ? { title: `/${option.prompt.name}`, detail: option.prompt.description ?? option.prompt.server }
            : { title: `@${option.resource.name}`, detail: option.resource.description ?? option.resource.uri };
        return (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are those of the message
          <div
            key={keyOf(option)}
            id={optionId(index)}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
            className={cx('cursor-pointer rounded-md px-3 py-1.5', index === active && 'bg-hover')}
          >
            <span className="block font-mono text-sm font-medium break-all">{title}</span>
            <span className="block truncate text-xs text-ink-3">{detail}</span>
          </div>
        );
      })}
    </div>
  );
}
