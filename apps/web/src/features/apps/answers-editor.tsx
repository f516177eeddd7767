import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../ui/form/button.tsx';
import { modes, newAnswer, type AnswerDraft } from './action-draft.ts';
import { AnswerFields } from './answer-fields.tsx';

interface AnswersEditorProps {
  answers: readonly AnswerDraft[];
  onChange: (answers: AnswerDraft[]) => void;
  wrong: (field: string) => string | null;
  disabled: boolean;
}

const most = 4;

/** Ways to answer, the preferred one first: where one cannot, the next one does. */
export function AnswersEditor({ answers, onChange, wrong, disabled }: AnswersEditorProps) {
  const { t } = useTranslation();
  function move(index: number, by: -1 | 1) {
    const moved = answers[index];
    if (moved) onChange(answers.toSpliced(index, 1).toSpliced(index + by, 0, moved));
  }
  return (
    <section aria-label={t('apps.answer.title')} className="flex min-w-0 flex-col gap-2">
      <h3 className="text-sm font-semibold">{t('apps.answer.title')}</h3>
      <p className="text-xs text-ink-3">{t(answers.length === 0 ? 'apps.answer.none' : 'apps.answer.order')}</p>
      {wrong('answers') !== null && <p className="text-xs font-medium text-bad">{wrong('answers')}</p>}
      <ol className="flex flex-col gap-2">
        {answers.map((answer, index) => {
          const name = t(`apps.mode.${answer.mode}`);
          return (
            <li key={`${answers.length} ${index} ${answer.mode}`} className="rounded-md border border-line">
              <div className="flex min-h-10 items-center gap-2 border-b border-line bg-sunken pr-1 pl-3">
                <span className="tabular text-sm text-ink-3">{index + 1}</span>
                <span className="min-w-0 flex-1 text-sm font-medium">{name}</span>
                {!disabled && (
                  <>
                    <IconButton
                      size="sm"
                      label={t('apps.up', { name })}
                      disabled={index === 0}
                      onClick={() => move(index, -1)}
                    >
                      <ArrowUp aria-hidden className="size-4" />
                    </IconButton>
                    <IconButton
                      size="sm"
                      label={t('apps.down', { name })}
                      disabled={index === answers.length - 1}
                      onClick={() => move(index, 1)}
                    >
                      <ArrowDown aria-hidden className="size-4" />
                    </IconButton>
                    <IconButton
                      size="sm"
                      label={t('schema.remove', { name })}
                      onClick={() => onChange(answers.toSpliced(index, 1))}
                    >
                      <Trash2 aria-hidden className="size-4" />
                    </IconButton>
                  </>
                )}
              </div>
              <div className="p-3">
                <AnswerFields
                  answer={answer}
                  onChange={(next) => onChange(answers.with(index, next))}
                  error={wrong(`answers.${index}`)}
                  disabled={disabled}
                />
              </div>
            </li>
          );
        })}
      </ol>
      {!disabled && answers.length < most && (
        <div className="flex flex-wrap gap-1.5">
          {modes.map((mode) => (
            <Button key={mode} size="sm" onClick={() => onChange([...answers, newAnswer(mode)])}>
              {t('schema.add', { name: t(`apps.mode.${mode}`) })}
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}
