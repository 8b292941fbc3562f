/** Something that whoever called can put right: its message says what and how, and nothing of our code. */
export class StackRefused extends Error {
  override readonly name = 'StackRefused';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
