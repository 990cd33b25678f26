import type { SQSHandler } from "aws-lambda";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";
import { S3 } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { createGzip } from "node:zlib";
import type { Readable } from "node:stream";
import { config } from "./config";

const s3 = new S3({});
const documents = DynamoDBDocument.from(new DynamoDB({}));

async function pack(key: string): Promise<void> {
  const { Body } = await s3.getObject({ Bucket: config.inbox, Key: key });
  const upload = new Upload({
    client: s3,
    params: {
      Bucket: config.archive,
      Key: `packed/${key}.gz`,
      Body: (Body as Readable).pipe(createGzip()),
    },
  });
  await upload.done();
  await documents.put({ TableName: config.table, Item: { key, packed: Date.now() } });
}

export const handler: SQSHandler = async ({ Records }) => {
  for (const { body } of Records) {
    await pack(JSON.parse(body).key as string);
  }
};
