import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";

const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const sqs = new SQSClient({});

async function markAsPaid(payment) {
  const { Attributes } = await dynamo.send(
    new UpdateCommand({
      TableName: process.env.ORDERS_TABLE,
      Key: { orderId: payment.orderId },
      UpdateExpression: `SET #status = :paid, paidCents = :paid_cents, ${payment.provider}Reference = :reference`,
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: {
        ":paid": "PAID",
        ":paid_cents": payment.amountCents,
        ":reference": payment.reference,
      },
      ReturnValues: "ALL_NEW",
    }),
  );
  return Attributes;
}

export const handler = async (event) => {
  console.log("webhook called", event.headers, event.body);
  if (event.headers["x-webhook-token"] === process.env.PAYMENT_WEBHOOK_TOKEN) {
    const payment = JSON.parse(event.body);
    const order = await markAsPaid(payment);
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: process.env.FULFILMENT_QUEUE_URL,
        MessageBody: JSON.stringify(order),
      }),
    );
    return { statusCode: 200, body: "ok" };
  }
  return { statusCode: 403, body: `token ${event.headers["x-webhook-token"]} is wrong` };
};
