/** What a request to the hub may hold; base64 makes it a third larger. */
export const largestUpload = 7_000_000;

/** A file's content in base64. */
export async function toBase64(file: Blob): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read'));
    reader.readAsDataURL(file);
  });
  return url.slice(url.indexOf(',') + 1);
}

/** Saves something that the page holds as a file. */
export function saveAs(name: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Saves what the hub answers at a path, as it comes; gives the hub's reason where it refuses. */
export async function saveFrom(path: string): Promise<string | null> {
  const looking = new AbortController();
  try {
    const answer = await fetch(path, { signal: looking.signal });
    if (!answer.ok) return reasonIn(await answer.json().catch(() => null)) ?? answer.statusText;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    // The browser fetches it again by itself: to the disk, not into the page.
    looking.abort();
  }
  const link = document.createElement('a');
  link.href = path;
  link.download = '';
  link.click();
  return null;
}

function reasonIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const { detail, message } = body as { detail?: unknown; message?: unknown };
  return typeof detail === 'string' ? detail : typeof message === 'string' ? message : null;
}
