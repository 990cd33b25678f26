export const at = (date: Date): string => `at(${date.toISOString().slice(0, 19)})`;
