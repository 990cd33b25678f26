import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";

const ORDERS = process.env.ORDERS_TABLE;
const ORDER_ID = /^[0-9a-f]{32}$/;
const TEXTS = {
  PAID: "we have received your payment",
  SHIPPED: "your order is on its way",
};

const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const sns = new SNSClient({});

// Returns the order when it is our turn to tell about this status, or nothing when that has been done.
async function claim(orderId, status) {
  try {
    const { Attributes } = await dynamo.send(
      new UpdateCommand({
        TableName: ORDERS,
        Key: { orderId },
        UpdateExpression: "SET notifiedOf = :status",
        ConditionExpression: "attribute_exists(orderId) AND (attribute_not_exists(notifiedOf) OR notifiedOf <> :status)",
        ExpressionAttributeValues: { ":status": status },
        ReturnValues: "ALL_NEW",
      }),
    );
    return Attributes;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

const release = (orderId) =>
  dynamo.send(new UpdateCommand({ TableName: ORDERS, Key: { orderId }, UpdateExpression: "REMOVE notifiedOf" }));

async function notify({ orderId, status }) {
  if (!ORDER_ID.test(orderId) || !Object.hasOwn(TEXTS, status)) throw new Error("malformed order event");
  const order = await claim(orderId, status);
  if (!order) return;
  try {
    await sns.send(
      new PublishCommand({
        TopicArn: process.env.NOTIFICATIONS_TOPIC,
        Subject: `Order ${orderId}`,
        // Plain text: nothing a customer typed can become markup.
        Message: `Good news: ${TEXTS[status]}.`,
        MessageAttributes: { email: { DataType: "String", StringValue: order.email } },
      }),
    );
  } catch (error) {
    await release(orderId);
    throw error;
  }
  console.info({ message: "customer notified", orderId, status });
}

export const handler = async (event) => {
  for (const record of event.Records) {
    await notify(JSON.parse(record.Sns.Message));
  }
};
