import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocumentClient,
  TransactWriteCommand,
  QueryCommand,
  DeleteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export class Seats {
  #table;

  constructor(table = process.env.SEATS_TABLE, holds = process.env.HOLDS_TABLE) {
    this.#table = table;
    this.holds = holds;
  }

  async hold(seat, customer) {
    const until = Math.floor(Date.now() / 1000) + 600;
    await client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: this.#table,
              Key: { seat },
              UpdateExpression: "SET holder = :c",
              ConditionExpression: "attribute_not_exists(holder)",
              ExpressionAttributeValues: { ":c": customer },
            },
          },
          { Put: { TableName: this.holds, Item: { seat, customer, until } } },
        ],
      }),
    );
    return until;
  }

  async ofConcert(concert) {
    const seats = [];
    let ExclusiveStartKey;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: "concert-index",
          KeyConditionExpression: "concert = :c",
          ExpressionAttributeValues: { ":c": concert },
          ExclusiveStartKey,
        }),
      );
      seats.push(...page.Items);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return seats;
  }

  async release(seat) {
    await client.send(
      new UpdateCommand({ TableName: this.#table, Key: { seat }, UpdateExpression: "REMOVE holder" }),
    );
  }

  async remove(seat) {
    await client.send(new DeleteCommand({ TableName: this.#table, Key: { seat } }));
  }
}
