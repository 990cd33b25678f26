export interface Config {
  readonly inbox: string;
  readonly archive: string;
  readonly table: string;
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

export const config: Config = {
  inbox: required("INBOX_BUCKET"),
  archive: required("ARCHIVE_BUCKET"),
  table: required("FILES_TABLE"),
};
