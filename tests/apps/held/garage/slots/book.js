import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as lib from '@aws-sdk/lib-dynamodb';
import settings from './settings.js';

const { DynamoDBDocumentClient, TransactWriteCommand: Transact, GetCommand } = lib;

const db = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 5 }), {
  marshallOptions: { removeUndefinedValues: true },
});

// Somebody who has no history needs none of the module.
const publish = await (async () => {
  const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
  const bridge = new EventBridgeClient();
  return (type, detail) =>
    bridge.send(new PutEventsCommand({
      Entries: [{ EventBusName: settings.bus, Source: 'garage', DetailType: type, Detail: JSON.stringify(detail) }],
    }));
})();

const put = (TableName, Item) => ({ Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(#d)', ExpressionAttributeNames: { '#d': 'day' } } });

const count = (TableName, id) => ({
  Update: { TableName, Key: { id }, UpdateExpression: 'ADD visits :one', ExpressionAttributeValues: { ':one': 1 } },
});

export const handler = async ({ body, requestContext: { authorizer: { jwt: { claims } = {} } = {} } = {} }) => {
  const { day, bay } = JSON.parse(body ?? '{}');
  const customer = claims?.sub;
  const known = await db.send(new GetCommand({ TableName: settings.tables.customers, Key: { id: customer } }));
  if (!known.Item?.active) return { statusCode: 403 };

  const item = { day, bay, customer, id: randomUUID() };
  await db.send(new Transact({
    TransactItems: [put(settings.tables.slots, item), count(settings.tables.customers, customer)],
  }));
  await publish('Booked', item).catch((error) => console.warn(error.name));
  return { statusCode: 201, body: JSON.stringify(item) };
};

export const cancel = async ({ day }) =>
  db.send(new lib.DeleteCommand({ TableName: settings.tables.slots, Key: { day } }));
