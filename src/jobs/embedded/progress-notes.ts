import type { TaskProgress } from '../tasks.js';

/** Milliseconds between notes of a task's progress. */
const PROGRESS_INTERVAL = 500;

/** Notes progress down now and then: the latest, never all. */
export class ProgressNotes {
  private latest: TaskProgress | null = null;
  private step: string | undefined;
  private lastNote = -Infinity;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly write: (progress: TaskProgress) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  add(progress: TaskProgress): void {
    const isNewStep = progress.step !== undefined && progress.step !== this.step;
    this.step = progress.step ?? this.step;
    this.latest = this.step === undefined ? progress : { ...progress, step: this.step };
    if (isNewStep || performance.now() - this.lastNote >= PROGRESS_INTERVAL) this.flush().catch(this.onError);
  }

  async flush(): Promise<void> {
    const { latest } = this;
    this.latest = null;
    if (latest) {
      this.lastNote = performance.now();
      this.writing = this.writing.catch(() => undefined).then(() => this.write(latest));
    }
    await this.writing;
  }
}
