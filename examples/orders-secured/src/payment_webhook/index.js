import { createHash, timingSafeEqual } from "node:crypto";
import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";

const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const sqs = new SQSClient({});

const response = (statusCode, message) => ({
  statusCode,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ message }),
});

// The authoriser has checked that the provider signed this hash.
function isSignedBody(event) {
  const header = event.headers["X-Payment-Content-Sha256"] ?? event.headers["x-payment-content-sha256"];
  const signed = Buffer.from(header ?? "", "hex");
  const actual = createHash("sha256").update(event.body).digest();
  return signed.length === actual.length && timingSafeEqual(signed, actual);
}

// True for the first call about a payment and for every repetition of it.
async function markAsPaid({ orderId, reference, amountCents }) {
  try {
    await dynamo.send(
      new UpdateCommand({
        TableName: process.env.ORDERS_TABLE,
        Key: { orderId },
        UpdateExpression: "SET #status = :paid, paymentReference = :reference",
        ConditionExpression:
          "totalCents = :amount AND (#status = :new OR (#status = :paid AND paymentReference = :reference))",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: {
          ":amount": amountCents,
          ":new": "NEW",
          ":paid": "PAID",
          ":reference": reference,
        },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

export const handler = async (event) => {
  if (!isSignedBody(event)) return response(403, "the body is not what has been signed");
  const payment = JSON.parse(event.body);
  if (!(await markAsPaid(payment))) {
    console.warn({ message: "payment does not fit the order", orderId: payment.orderId });
    return response(409, "payment does not fit the order");
  }
  // Fulfilment may get a message twice; it ships an order once.
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: process.env.FULFILMENT_QUEUE_URL,
      MessageBody: JSON.stringify({ orderId: payment.orderId }),
    }),
  );
  console.info({ message: "order paid", orderId: payment.orderId });
  return response(200, "ok");
};
