/** One line per step, so that a run of minutes is seen to go on. */
export const tell = (text: string): void => void process.stdout.write(`${text}\n`);

export const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');
export const oneDecimal = (value: number): string => value.toFixed(1);
export const twoDecimals = (value: number): string => value.toFixed(2);
export const times = (value: number): string => `${value.toFixed(2)} ×`;
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
