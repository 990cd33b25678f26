import { DynamoDBClient, paginateScan, BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { S3, waitUntilObjectExists } from '@aws-sdk/client-s3';
import { SSM } from '@aws-sdk/client-ssm';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { rate } from './lib/rates.mjs';
import config from './lib/config.json' with { type: 'json' };

const clients = new Map([
  ['tables', new DynamoDBClient({})],
  ['files', new S3({})],
]);

async function* visits(month) {
  const pages = paginateScan(
    { client: clients.get('tables'), pageSize: 100 },
    { TableName: process.env.SLOTS, FilterExpression: 'begins_with(#d, :m)', ExpressionAttributeNames: { '#d': 'day' }, ExpressionAttributeValues: { ':m': { S: month } } },
  );
  for await (const { Items = [] } of pages) yield* Items.map((item) => unmarshall(item));
}

class Invoice {
  lines = [];

  constructor(customer) {
    this.customer = customer;
  }

  add({ day, hours = 1 }, price) {
    this.lines.push([day, hours * price].join(';'));
    return this;
  }

  get key() {
    return [config.folder, this.customer, 'invoice.csv'].join('/');
  }

  async save(files) {
    const target = { Bucket: process.env.INVOICES, Key: this.key };
    await files.putObject({ ...target, Body: this.lines.join('\n') });
    await waitUntilObjectExists({ client: files, maxWaitTime: 30 }, target);
  }
}

export async function handler({ month = new Date().toISOString().slice(0, 7) } = {}) {
  const price = await rate(new SSM({}));
  const invoices = {};
  for await (const visit of visits(month)) {
    (invoices[visit.customer] ||= new Invoice(visit.customer)).add(visit, price);
  }
  await Promise.all(Object.values(invoices).map((invoice) => invoice.save(clients.get('files'))));
  return Object.keys(invoices).length;
}

const forget = (requests) =>
  clients.get('tables').send(new BatchWriteItemCommand({ RequestItems: { [process.env.SLOTS]: requests } }));
