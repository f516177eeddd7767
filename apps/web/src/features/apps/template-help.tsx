import { useTranslation } from 'react-i18next';

const names = ['arguments', 'state', 'app', 'action', 'call'];

/** What a template may draw on. */
export function TemplateHelp({ text, withAnswer = false }: { text: string; withAnswer?: boolean }) {
  const { t } = useTranslation();
  const all = withAnswer ? [...names, 'answer'] : names;
  return (
    <>
      <p>{text}</p>
      <p className="mt-1">
        {t('apps.action.variables')}{' '}
        {all.map((name) => (
          <code key={name} className="mr-1.5 font-mono">
            {name}
          </code>
        ))}
        <code className="inline-block font-mono">{'{{ "person.fullName" | fake }}'}</code>
      </p>
    </>
  );
}
