import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { documents } from "./lib/clients.js";

class Store {
  // Remembers, sends nothing.
  constructor() { this.sent = []; }
  send(command) { this.sent.push(command); }
  deleteTable(input) { this.sent.push(input); }
}

export const handler = async () => {
  const store = new Store();
  store.deleteTable({ TableName: process.env.VEHICLES_TABLE });
  const { Table } = await documents.send(new DescribeTableCommand({ TableName: process.env.VEHICLES_TABLE }));
  const cloudwatch = new CloudWatchClient({ region: process.env.AWS_REGION });
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: "Fleet",
      MetricData: [{ MetricName: "Vehicles", Value: Table.ItemCount, Unit: "Count" }],
    }),
  );
};
