import { DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";

const TABLE = process.env.TOTALS_TABLE;
const WEEK_IN_SECONDS = 7 * 24 * 60 * 60;

const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}));

// The mark and the sum are written together or not at all, so every change counts once.
async function addToTotals(changeId, { customerId, totalCents }) {
  const mark = { id: `change#${changeId}`, expiresAt: Math.floor(Date.now() / 1000) + WEEK_IN_SECONDS };
  try {
    await dynamo.send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName: TABLE, Item: mark, ConditionExpression: "attribute_not_exists(id)" } },
          {
            Update: {
              TableName: TABLE,
              Key: { id: `customer#${customerId}` },
              UpdateExpression: "ADD orders :one, totalCents :cents",
              ExpressionAttributeValues: { ":one": 1, ":cents": totalCents },
            },
          },
        ],
      }),
    );
  } catch (error) {
    const counted =
      error instanceof TransactionCanceledException &&
      error.CancellationReasons?.[0]?.Code === "ConditionalCheckFailed";
    if (!counted) throw error;
  }
}

async function handle({ eventID, dynamodb }) {
  if (!dynamodb.NewImage) return;
  const after = unmarshall(dynamodb.NewImage);
  const before = dynamodb.OldImage ? unmarshall(dynamodb.OldImage) : {};
  if (after.status === "PAID" && before.status !== "PAID") await addToTotals(eventID, after);
}

export const handler = async (event) => {
  for (const record of event.Records) {
    try {
      await handle(record);
    } catch (error) {
      const { SequenceNumber } = record.dynamodb;
      console.error({ message: "change not counted", sequenceNumber: SequenceNumber, error: error.name });
      // A stream goes on from the first failure, which keeps the order of changes.
      return { batchItemFailures: [{ itemIdentifier: SequenceNumber }] };
    }
  }
  return { batchItemFailures: [] };
};
