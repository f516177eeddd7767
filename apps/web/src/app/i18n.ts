import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { arriving } from '../lib/arriving.ts';
import { recall, remember } from '../lib/preferences.ts';
import { reasonNamespace } from '../lib/reasons.ts';
import { english, loadChinese } from './words.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof english };
  }
}

export const languages = [
  { code: 'en', name: 'English' },
  { code: 'zh-CN', name: '简体中文' },
] as const;

export type Language = (typeof languages)[number]['code'];

function preferred(): Language {
  const stored = recall('lang');
  const wished = stored === null ? navigator.languages : [stored];
  const first = wished.find((code) => /^(en|zh)\b/i.test(code));
  return first !== undefined && /^zh/i.test(first) ? 'zh-CN' : 'en';
}

async function load(code: Language): Promise<void> {
  if (code === 'en' || i18next.hasResourceBundle(code, 'translation')) return;
  const { words, reasons } = await arriving(loadChinese);
  i18next.addResourceBundle(code, 'translation', words);
  i18next.addResourceBundle(code, reasonNamespace, reasons);
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: english } },
    interpolation: { escapeValue: false },
  });
  await setLanguage(preferred(), false);
}

export async function setLanguage(code: Language, keep = true): Promise<void> {
  await load(code);
  await i18next.changeLanguage(code);
  document.documentElement.lang = code;
  if (keep) remember('lang', code);
}
