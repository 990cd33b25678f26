import { LambdaClient, InvokeCommand } from "@aws-sdk/client-lambda";
import { paginateScan } from "@aws-sdk/lib-dynamodb";
import { documents } from "./lib/clients.js";

const lambda = new LambdaClient();

async function* vehicles() {
  const pages = paginateScan({ client: documents, pageSize: 100 }, { TableName: process.env.VEHICLES_TABLE });
  for await (const page of pages) {
    yield* page.Items ?? [];
  }
}

export const handler = async (event) => {
  const calls = [];
  for await (const { id } of vehicles()) {
    const payload = { vehicle: id, desired: event.desired };
    calls.push(
      lambda.send(
        new InvokeCommand({
          FunctionName: process.env.WORKER,
          InvocationType: "Event",
          Payload: JSON.stringify(payload),
        }),
      ),
    );
  }
  await Promise.all(calls);
  return calls.length;
};
