import { render } from 'katex';

/** Draws a formula as MathML, which needs no styles and no fonts; false where it is none. */
export function drawMaths(place: HTMLElement, tex: string, display: boolean): boolean {
  try {
    render(tex, place, {
      output: 'mathml',
      displayMode: display,
      throwOnError: true,
      strict: 'ignore',
      // No links, images or classes from within a formula.
      trust: false,
      maxSize: 20,
      maxExpand: 200,
    });
    return true;
  } catch {
    place.replaceChildren();
    return false;
  }
}
