import { createContext, use } from 'react';

/** The open dialog, where there is one: what floats above a modal dialog has to live inside it. */
export const DialogElement = createContext<HTMLElement | null>(null);

/** Where tooltips and menus are put: inside the dialog, else inside the page's main landmark. */
export function usePortalContainer(): HTMLElement {
  return use(DialogElement) ?? document.getElementById('main') ?? document.body;
}
