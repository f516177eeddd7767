// A script that did not arrive (the network changed, the hub started anew) leaves the page empty: it is opened again.
(() => {
  const place = 'switchboard.opened';
  const mostTries = 5;
  const forgottenAfterMs = 60_000;
  let waits = false;
  const again = () => {
    if (waits || document.getElementById('root')?.hasChildNodes()) return;
    try {
      const { tries, at } = JSON.parse(sessionStorage.getItem(place) ?? '{"tries":0,"at":0}');
      const before = Date.now() - at > forgottenAfterMs ? 0 : tries;
      if (before >= mostTries) return;
      sessionStorage.setItem(place, JSON.stringify({ tries: before + 1, at: Date.now() }));
    } catch {
      // Without storage nothing would end the trying.
      return;
    }
    waits = true;
    setTimeout(() => location.reload(), 1000);
  };
  const isFile = (target) => target instanceof HTMLScriptElement || target instanceof HTMLLinkElement;
  addEventListener('error', (event) => isFile(event.target) && again(), true);
  addEventListener('vite:preloadError', again);
})();
