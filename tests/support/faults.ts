/** Everything that must not happen behind what a person sees: errors on the console, exceptions, policy violations. */
export class Faults {
  private readonly found: string[] = [];
  private readonly expected: RegExp[] = [];

  readonly add = (fault: string): void => void this.found.push(fault);

  /** Names a fault that belongs to what a test does, for instance the browser's own note of a refused request. */
  expect(...patterns: RegExp[]): void {
    this.expected.push(...patterns);
  }

  unexpected(): string[] {
    return this.found.filter((fault) => !this.expected.some((pattern) => pattern.test(fault)));
  }
}
