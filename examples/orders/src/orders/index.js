import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";

const table = process.env.ORDERS_TABLE;
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}));

const response = (statusCode, body) => ({
  statusCode,
  headers: { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" },
  body: JSON.stringify(body),
});

async function createOrder(event) {
  const body = JSON.parse(event.body);
  const order = {
    orderId: randomUUID(),
    customerId: event.requestContext.authorizer.claims.sub,
    status: "NEW",
    createdAt: new Date().toISOString(),
    totalCents: body.items.reduce((sum, item) => sum + item.priceCents * item.quantity, 0),
    ...body,
  };
  await dynamo.send(new PutCommand({ TableName: table, Item: order }));
  return response(201, order);
}

async function showOrder(event) {
  const { orderId } = event.pathParameters;
  const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: { orderId } }));
  return Item ? response(200, Item) : response(404, { message: `no order ${orderId}` });
}

export const handler = async (event) => {
  console.log("event", JSON.stringify(event));
  try {
    return event.httpMethod === "POST" ? await createOrder(event) : await showOrder(event);
  } catch (error) {
    return response(500, { message: error.message, stack: error.stack });
  }
};
