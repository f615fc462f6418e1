const MAX_KILLS = 60;

/** What was cut, newest last; consecutive kills join into one (readline). */
export class KillRing {
  private readonly kills: string[] = [];
  private joining = false;
  private yankIndex = 0;

  kill(text: string, direction: 'forward' | 'backward'): void {
    if (text === '') return;
    if (this.joining && this.kills.length > 0) {
      const last = this.kills.length - 1;
      this.kills[last] = direction === 'forward' ? this.kills[last] + text : text + this.kills[last];
    } else {
      this.kills.push(text);
      if (this.kills.length > MAX_KILLS) this.kills.shift();
    }
    this.joining = true;
  }

  /** Any other command ends the joining of kills. */
  endRun(): void {
    this.joining = false;
  }

  /** The newest kill; '' when there is none. */
  yank(): string {
    this.yankIndex = this.kills.length - 1;
    return this.kills[this.yankIndex] ?? '';
  }

  /** The kill before the one last yanked, going round. */
  yankPop(): string {
    if (this.kills.length === 0) return '';
    this.yankIndex = (this.yankIndex + this.kills.length - 1) % this.kills.length;
    return this.kills[this.yankIndex];
  }
}
