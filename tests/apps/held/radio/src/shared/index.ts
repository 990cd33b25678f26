export * from './repository';
export { default as env } from './env';
export * as Time from './time';
export type { Show, Track } from './model';
