import type { S3Event, S3EventRecord } from "aws-lambda";
import { GetObjectTaggingCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand, SQSClient, type SendMessageBatchRequestEntry } from "@aws-sdk/client-sqs";

class Inspector {
  constructor(private readonly s3: S3Client = new S3Client({ maxAttempts: 2 })) {}

  async inspect(record: S3EventRecord): Promise<SendMessageBatchRequestEntry> {
    const place = {
      Bucket: record.s3.bucket.name,
      Key: decodeURIComponent(record.s3.object.key.replace(/\+/g, " ")),
    };
    const [head, tags] = await Promise.all([
      this.s3.send(new HeadObjectCommand(place)),
      this.s3.send(new GetObjectTaggingCommand(place)),
    ]);
    const body = { key: place.Key, size: head.ContentLength, tags: tags.TagSet };
    return { Id: record.responseElements["x-amz-request-id"], MessageBody: JSON.stringify(body) };
  }
}

const inspector = new Inspector();
const sqs = new SQSClient({});

export const handler = async (event: S3Event): Promise<void> => {
  const entries = await Promise.all(event.Records.map((record) => inspector.inspect(record)));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl: process.env.WORK_QUEUE_URL!, Entries: entries }));
};
