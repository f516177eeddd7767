// Runs before the first paint, so a dark page never flashes white.
(() => {
  let theme = null;
  let lang = null;
  try {
    theme = localStorage.getItem('switchboard.theme');
    lang = localStorage.getItem('switchboard.lang');
  } catch {
    // Storage can be switched off; the system's preference then decides.
  }
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  if (lang) document.documentElement.lang = document.documentElement.dataset.lang = lang;
})();
