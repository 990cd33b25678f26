import { createHash } from "node:crypto";
import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";

const ORDERS = process.env.ORDERS_TABLE;
const PRICES = process.env.PRICES_TABLE;
const ORDER_ID = /^[0-9a-f]{32}$/;
const IDEMPOTENCY_KEY = /^[A-Za-z0-9-]{16,64}$/;

const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient({}));

const response = (statusCode, body) => ({
  statusCode,
  headers: {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Access-Control-Allow-Origin": process.env.SHOP_ORIGIN,
  },
  body: JSON.stringify(body),
});

async function pricesOf(items) {
  const skus = [...new Set(items.map((item) => String(item.sku)))];
  const answer = await dynamo.send(
    new BatchGetCommand({ RequestItems: { [PRICES]: { Keys: skus.map((sku) => ({ sku })) } } }),
  );
  return new Map(answer.Responses[PRICES].map((price) => [price.sku, price.priceCents]));
}

// The API's model has checked the body; only its known fields are taken over.
async function createOrder(event, customer) {
  const key = event.headers["Idempotency-Key"] ?? event.headers["idempotency-key"];
  if (!IDEMPOTENCY_KEY.test(key)) return response(400, { message: "malformed Idempotency-Key" });
  const { items, name, address, note = "" } = JSON.parse(event.body);

  const prices = await pricesOf(items);
  if (items.some(({ sku }) => !prices.has(sku))) return response(400, { message: "unknown article" });

  // The same customer and key always make the same order, so a repeated request changes nothing.
  const orderId = createHash("sha256").update(`${customer.sub}:${key}`).digest("hex").slice(0, 32);
  const order = {
    orderId,
    customerId: customer.sub,
    email: customer.email,
    status: "NEW",
    createdAt: new Date().toISOString(),
    items: items.map(({ sku, quantity }) => ({ sku, quantity, priceCents: prices.get(sku) })),
    totalCents: items.reduce((sum, { sku, quantity }) => sum + prices.get(sku) * quantity, 0),
    name,
    address,
    note,
  };
  try {
    await dynamo.send(
      new PutCommand({ TableName: ORDERS, Item: order, ConditionExpression: "attribute_not_exists(orderId)" }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
  console.info({ message: "order taken", orderId, articles: order.items.length });
  return response(201, { orderId });
}

async function showOrder(event, customer) {
  const { orderId } = event.pathParameters;
  if (!ORDER_ID.test(orderId)) return response(404, { message: "no such order" });
  const { Item: order } = await dynamo.send(new GetCommand({ TableName: ORDERS, Key: { orderId } }));
  // Somebody else's order looks exactly like none at all.
  if (order?.customerId !== customer.sub) return response(404, { message: "no such order" });
  const { status, createdAt, items, totalCents } = order;
  return response(200, { orderId, status, createdAt, items, totalCents });
}

export const handler = async (event) => {
  const customer = event.requestContext.authorizer.claims;
  try {
    return event.httpMethod === "POST" ? await createOrder(event, customer) : await showOrder(event, customer);
  } catch (error) {
    console.error({ message: "request failed", error: error.name, requestId: event.requestContext.requestId });
    return response(500, { message: "please try again later" });
  }
};
