import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { kinesis } from "./lib/clients.js";

const { POSITION_STREAM } = process.env;

export const handler = async (event) => {
  const position = JSON.parse(event.body ?? "{}");
  if (!position.vehicle) {
    return { statusCode: 400 };
  }
  await kinesis.send(
    new PutRecordCommand({
      StreamName: POSITION_STREAM,
      PartitionKey: position.vehicle,
      Data: Buffer.from(JSON.stringify(position)),
    }),
  );
  return { statusCode: 202 };
};
