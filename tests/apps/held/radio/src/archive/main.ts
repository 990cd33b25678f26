import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectTaggingCommand,
  S3Client,
  paginateListObjectsV2,
  type ObjectIdentifier,
} from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { SSMClient, GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { env } from '../shared';

const s3 = new S3Client({});
const sqs = new SQSClient({});
const agency = new S3Client({
  credentials: fromTemporaryCredentials({ params: { RoleArn: 'arn:aws:iam::222233334444:role/agency', RoleSessionName: 'radio' } }),
});

const [from, to] = [env('RECORDINGS'), env('VAULT')] as const;
const folder = env('FOLDER', 'shows');
const encode = (...parts: string[]) => parts.map(encodeURIComponent).join('/');

async function* keys(prefix: string): AsyncGenerator<string, void, unknown> {
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: from, Prefix: `${prefix}/` })) {
    for (const { Key } of page.Contents ?? []) if (Key) yield Key;
  }
}

const steps = {
  async copy(show: string) {
    const moved: ObjectIdentifier[] = [];
    for await (const Key of keys(`${folder}/${show}`)) {
      await s3.send(new CopyObjectCommand({ Bucket: to, Key, CopySource: `${from}/${Key}`, TaggingDirective: 'REPLACE', Tagging: 'kept=yes' }));
      moved.push({ Key });
    }
    return moved;
  },
  async clear(moved: ObjectIdentifier[]) {
    if (moved.length) await s3.send(new DeleteObjectsCommand({ Bucket: from, Delete: { Objects: moved } }));
  },
  async tell(show: string) {
    await agency.send(new GetObjectTaggingCommand({ Bucket: 'agency', Key: encode('radio', show) }));
  },
} satisfies Record<string, (argument: never) => Promise<unknown>>;

async function cuts(): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: env('CUTS'), MaxNumberOfMessages: 10 }));
  return Messages;
}

async function position<T extends 'get' | 'put'>(kind: T, value?: string) {
  const client = new SSMClient();
  const Name = ['', 'radio', 'archive', 'position'].join('/');
  switch (kind) {
    case 'get':
      return (await client.send(new GetParameterCommand({ Name }))).Parameter?.Value;
    default:
      await client.send(new PutParameterCommand({ Name, Value: value, Overwrite: true }));
      return value;
  }
}

export async function run(): Promise<number> {
  let count = 0;
  console.log(await position('get'));
  for (const { Body: show = '', ReceiptHandle } of await cuts()) {
    const moved = await steps['copy'](show);
    await steps.clear(moved);
    await steps.tell(show);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: env('CUTS'), ReceiptHandle }));
    await position('put', show);
    count += moved.length;
  }
  return count;
}
