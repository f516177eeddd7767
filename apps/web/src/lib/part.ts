import { lazyRouteComponent } from '@tanstack/react-router';
import { arriving } from './arriving.ts';

/** A page or tab of its own file, which comes when it is needed. */
export const part: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(() => arriving(load), name);
