/** What is to be taken down at the end, the last thing first. */
export class Cleanup {
  readonly #tasks: (() => void | Promise<void>)[] = [];

  add(task: () => void | Promise<void>): void {
    this.#tasks.push(task);
  }

  /** Takes everything down, also where something fails; the first failure is thrown at the end. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const task of this.#tasks.splice(0).reverse()) {
      try {
        await task();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
