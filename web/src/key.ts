const place = 'chancery.key';

// What is kept when the browser keeps nothing.
let kept: string | undefined;

/** The API key that goes with every question; '' for none. It is kept for this tab of the browser, and until that is closed. */
export function key(): string {
  if (kept === undefined) {
    try {
      kept = sessionStorage.getItem(place) ?? '';
    } catch {
      kept = ''; // No storage, or none for this page.
    }
  }
  return kept;
}

/** Has another key go with questions from now on; '' has none go. */
export function keepKey(text: string): void {
  kept = text.trim();
  try {
    if (kept) sessionStorage.setItem(place, kept);
    else sessionStorage.removeItem(place);
  } catch {
    // It is kept until the page is left.
  }
}

/** The headers of a question: those of the page, the key, and over both what the reader has written. */
export function headersWith(page: Record<string, string>, own: Record<string, string> = {}): Headers {
  const headers = new Headers(page);
  if (key()) headers.set('authorization', `Bearer ${key()}`);
  for (const [name, value] of Object.entries(own)) headers.set(name, value);
  return headers;
}
