import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** How amounts of tokens and money are written. */
export function useAmounts(): (value: number) => string {
  const { language } = useTranslation().i18n;
  return useMemo(() => {
    const format = new Intl.NumberFormat(language, { maximumFractionDigits: 4 });
    return (value) => format.format(value);
  }, [language]);
}
