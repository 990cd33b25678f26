import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";

const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}));
let lastCustomer = null;

async function addToTotals(order) {
  await dynamo.send(
    new UpdateCommand({
      TableName: process.env.TOTALS_TABLE,
      Key: { customerId: order.customerId },
      UpdateExpression: "ADD orders :one, totalCents :cents",
      ExpressionAttributeValues: { ":one": 1, ":cents": order.totalCents },
    }),
  );
}

export const handler = async (event) => {
  console.log(JSON.stringify(event));
  for (const record of event.Records) {
    if (!record.dynamodb.NewImage) continue;
    const after = unmarshall(record.dynamodb.NewImage);
    const before = record.dynamodb.OldImage ? unmarshall(record.dynamodb.OldImage) : {};
    if (after.status === "PAID" && before.status !== "PAID") {
      lastCustomer = after.customerId;
      await addToTotals(after);
    }
  }
  console.log("last customer", lastCustomer);
};
