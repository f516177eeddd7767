// A script that did not arrive (the network changed, the hub restarts) would leave the page empty. The page says that it
// connects again, and reloads: after one second first, then after longer times up to ten seconds, until it opens.
(() => {
  const place = 'switchboard.opened';
  const longestWaitMs = 10_000;
  const forgottenAfterMs = 60_000;
  let waits = false;
  function nextWaitMs() {
    try {
      const { tries, at } = JSON.parse(sessionStorage.getItem(place) ?? '{"tries":0,"at":0}');
      const before = Date.now() - at > forgottenAfterMs ? 0 : tries;
      sessionStorage.setItem(place, JSON.stringify({ tries: before + 1, at: Date.now() }));
      return Math.min(1000 * 1.5 ** before, longestWaitMs);
    } catch {
      // Without storage the tries cannot be counted.
      return longestWaitMs;
    }
  }
  function show() {
    const note = document.getElementById('connecting');
    if (!note) return;
    const chinese = /^zh/i.test(document.documentElement.dataset.lang ?? navigator.language);
    for (const text of note.children) text.hidden = text.lang.startsWith('zh') !== chinese;
    note.hidden = false;
  }
  function again() {
    if (waits || document.getElementById('root')?.hasChildNodes()) return;
    waits = true;
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', show);
    else show();
    setTimeout(() => location.reload(), nextWaitMs());
  }
  function isFile(target) {
    return target instanceof HTMLScriptElement || target instanceof HTMLLinkElement;
  }
  addEventListener('error', (event) => isFile(event.target) && again(), true);
  addEventListener('vite:preloadError', again);
})();
