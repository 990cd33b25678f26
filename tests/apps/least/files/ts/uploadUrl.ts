import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from "aws-lambda";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { randomUUID } from "node:crypto";
import { config } from "./config";

const s3: S3Client = new S3Client({});

export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> => {
  const name = event.queryStringParameters?.name ?? "file";
  const key = `incoming/${randomUUID()}/${encodeURIComponent(name)}`;
  const command = new PutObjectCommand({ Bucket: config.inbox, Key: key });
  const url = await getSignedUrl(s3, command, { expiresIn: 300 });
  return { statusCode: 200, body: JSON.stringify({ url, key }) };
};
