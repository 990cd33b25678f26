import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  ExecuteStatementCommand,
  BatchGetCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';

export interface Keyed { id: string }

export class Repository<T extends Keyed> {
  private static client?: DynamoDBDocumentClient;

  constructor(protected readonly table: string, private readonly pageSize = 100) {}

  protected get documents(): DynamoDBDocumentClient {
    return (Repository.client ??= DynamoDBDocumentClient.from(new DynamoDBClient({})));
  }

  async all(condition: string, ...values: unknown[]): Promise<T[]> {
    const statement = `SELECT * FROM "${this.table}" WHERE ${condition}`;
    const { Items } = await this.documents.send(
      new ExecuteStatementCommand({ Statement: statement, Parameters: values, Limit: this.pageSize }),
    );
    return (Items ?? []) as T[];
  }

  async some(...ids: string[]): Promise<T[]> {
    const { Responses } = await this.documents.send(
      new BatchGetCommand({ RequestItems: { [this.table]: { Keys: ids.map((id) => ({ id })) } } }),
    );
    return Responses?.[this.table] as T[];
  }

  async touch(id: T['id'], extra: Partial<UpdateCommandInput> = {}): Promise<void> {
    await this.documents.send(
      new UpdateCommand({
        TableName: this.table,
        Key: { id },
        UpdateExpression: 'ADD plays :one',
        ExpressionAttributeValues: { ':one': 1 },
        ...extra,
      }),
    );
  }
}
