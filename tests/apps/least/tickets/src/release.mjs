import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { Seats } from "./domain/seats.mjs";

const events = new EventBridgeClient({});
const seats = new Seats();

async function tell(detailType, detail) {
  const entry = {
    EventBusName: process.env.BUS_NAME,
    Source: "tickets",
    DetailType: detailType,
    Detail: JSON.stringify(detail),
  };
  await events.send(new PutEventsCommand({ Entries: [entry] }));
}

export const handler = async ({ Records }) => {
  for (const record of Records.filter((each) => each.eventName === "REMOVE")) {
    const hold = unmarshall(record.dynamodb.OldImage);
    await seats.release(hold.seat);
    await tell("HoldExpired", hold);
  }
};
