import { useTranslation } from 'react-i18next';
import { count } from '../../lib/format.ts';

/** Prices have no currency of their own: they are what the models' owners entered. */
export function useCost(): (value: number) => string {
  const { i18n } = useTranslation();
  return (value) => new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 3 }).format(value);
}

/** How many tokens went in and came out, and what that cost where models have prices. */
export function UsageLine({ of }: { of: { tokensIn: number; tokensOut: number; cost: number; estimated?: boolean } }) {
  const { t, i18n } = useTranslation();
  const cost = useCost();
  if (of.tokensIn === 0 && of.tokensOut === 0) return null;
  const words = t('round.usage', {
    count: of.tokensIn,
    in: count(of.tokensIn, i18n.language),
    out: count(of.tokensOut, i18n.language),
  });
  return (
    <span className="tabular">
      {of.estimated === true && '≈ '}
      {words}
      {of.cost > 0 && ` · ${t('round.cost', { cost: cost(of.cost) })}`}
    </span>
  );
}
