/**
 * Listens to Python: a stream of events that comes back by itself, behind the last that was heard.
 *
 * A hidden page does not listen, since a browser has few connections for one server; what it missed
 * it gets when it is shown again.
 */

export interface Listener {
  readonly onEvent: (name: string, data: string) => void;
  readonly onOpen: () => void;
  /** `isBye` if Python said so; seconds until the next try. */
  readonly onLost: (isBye: boolean, seconds: number) => void;
}

export interface Listening {
  readonly tryNow: () => void;
  readonly stop: () => void;
}

const NAMES = ["hello", "run", "sample", "end"] as const;
/** Seconds until the next try: first, and at most. */
const SOON = 1;
const LATE = 15;

export function listen(url: string, { onEvent, onOpen, onLost }: Listener): Listening {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = "";
  let wait = SOON;

  const close = (): void => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const lost = (isBye: boolean): void => {
    close();
    onLost(isBye, wait);
    timer = setTimeout(open, wait * 1000);
    wait = Math.min(LATE, wait * 2);
  };
  const open = (): void => {
    close();
    if (document.hidden) {
      return; // it is opened when the page is shown
    }
    const opened = new EventSource(`${url}?after=${encodeURIComponent(last)}`);
    source = opened;
    opened.onopen = () => {
      wait = SOON;
      onOpen();
    };
    // A new source each time: browsers' own tries never grow rarer, and end at the first refusal.
    opened.onerror = () => {
      lost(false);
    };
    for (const name of NAMES) {
      opened.addEventListener(name, (event: MessageEvent<string>) => {
        last = event.lastEventId || last;
        onEvent(name, event.data);
      });
    }
    opened.addEventListener("bye", () => {
      wait = Math.max(wait, 4);
      lost(true);
    });
  };
  const shownOrHidden = (): void => {
    if (document.hidden) {
      close();
    } else {
      open();
    }
  };
  document.addEventListener("visibilitychange", shownOrHidden);
  open();
  return {
    tryNow: () => {
      wait = SOON;
      open();
    },
    stop: () => {
      document.removeEventListener("visibilitychange", shownOrHidden);
      close();
    },
  };
}
