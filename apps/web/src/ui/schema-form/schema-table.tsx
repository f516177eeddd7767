import { useTranslation } from 'react-i18next';
import { Badge } from '../feedback/badge.tsx';
import { kindOf, options, properties, resolve, text, type Schema } from './schema.ts';

function typeWord(schema: Schema, root: Schema): string {
  const kind = kindOf(schema, root);
  if (kind === 'array' || kind === 'choices') return `${typeWord(resolve(schema['items'], root), root)}[]`;
  if (kind === 'json') return typeof schema['type'] === 'string' ? schema['type'] : 'any';
  return kind;
}

function Rows({ schema, root, depth }: { schema: Schema; root: Schema; depth: number }) {
  const { t } = useTranslation();
  return properties(schema, root).map(({ name, schema: each, required }) => {
    const choices = options(each);
    const inner =
      kindOf(each, root) === 'object' ? each : kindOf(each, root) === 'array' ? resolve(each['items'], root) : null;
    return (
      <li key={name} className="border-b border-line py-2 last:border-0">
        <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
          <code className="font-mono text-sm font-medium">{name}</code>
          <span className="font-mono text-xs text-ink-3">{typeWord(each, root)}</span>
          {required && <Badge tone="accent">{t('schema.required')}</Badge>}
          {'default' in each && (
            <span className="text-xs text-ink-3">
              {t('schema.default')} <code className="font-mono break-all">{JSON.stringify(each['default'])}</code>
            </span>
          )}
        </div>
        {text(each['description']) !== null && <p className="mt-0.5 text-sm text-ink-2">{text(each['description'])}</p>}
        {choices && (
          <p className="mt-0.5 font-mono text-xs break-words text-ink-3">
            {choices.map((choice) => choice.label).join(' · ')}
          </p>
        )}
        {inner && depth < 4 && properties(inner, root).length > 0 && (
          <ul className="mt-1 ml-1 border-l border-line pl-4">
            <Rows schema={inner} root={root} depth={depth + 1} />
          </ul>
        )}
      </li>
    );
  });
}

/** The properties of an object schema, for reading. */
export function SchemaTable({ title, schema: given }: { title: string; schema: Schema }) {
  const { t } = useTranslation();
  const schema = resolve(given, given);
  return (
    <section className="max-w-3xl">
      <h3 className="mb-1 text-sm font-medium">{title}</h3>
      {properties(schema, given).length === 0 ? (
        <p className="text-sm text-ink-3">{t('schema.noArguments')}</p>
      ) : (
        <ul className="rounded-md border border-line bg-surface px-3">
          <Rows schema={schema} root={given} depth={0} />
        </ul>
      )}
    </section>
  );
}
