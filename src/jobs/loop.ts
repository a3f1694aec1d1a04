import { setTimeout as delay } from 'node:timers/promises';

/** Calls a step again and again: at once while it finds work, else when it is told of news or after a while. */
export class Loop {
  private stopping: AbortController | null = null;
  private running: Promise<void> = Promise.resolve();
  private wake: (() => void) | null = null;
  private hasNews = false;

  constructor(
    private readonly parts: {
      /** @returns milliseconds to sleep unless there is news; 0 to go on at once */
      readonly step: (stop: AbortSignal) => Promise<number>;
      /** Hears of a step that threw. */
      readonly onError: (error: unknown) => void;
      /** Milliseconds to sleep then. */
      readonly pauseAfterError: number;
    },
  ) {}

  start(): void {
    if (this.stopping) return;
    this.stopping = new AbortController();
    this.running = this.run(this.stopping.signal);
  }

  /** There is new work. */
  notify(): void {
    this.hasNews = true;
    this.wake?.();
  }

  /** Lets the step in hand end. */
  async stop(): Promise<void> {
    this.stopping?.abort();
    this.notify();
    await this.running;
    this.stopping = null;
  }

  private async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      this.hasNews = false;
      try {
        const idle = await this.parts.step(stop);
        if (idle > 0) await this.sleep(idle);
      } catch (error) {
        this.parts.onError(error);
        await delay(this.parts.pauseAfterError, undefined, { signal: stop }).catch(() => undefined);
      }
    }
  }

  private async sleep(milliseconds: number): Promise<void> {
    if (this.hasNews) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}
