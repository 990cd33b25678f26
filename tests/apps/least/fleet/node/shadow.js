import {
  IoTDataPlaneClient,
  GetThingShadowCommand,
  UpdateThingShadowCommand,
  DeleteThingShadowCommand,
} from "@aws-sdk/client-iot-data-plane";

const client = new IoTDataPlaneClient({});

async function current(thingName) {
  const { payload } = await client.send(new GetThingShadowCommand({ thingName }));
  return JSON.parse(new TextDecoder().decode(payload));
}

export async function forget(thingName) {
  await client.send(new DeleteThingShadowCommand({ thingName }));
}

export async function handler({ vehicle, desired }) {
  const shadow = await current(vehicle);
  if (JSON.stringify(shadow.state?.desired) === JSON.stringify(desired)) return false;
  await client.send(
    new UpdateThingShadowCommand({ thingName: vehicle, payload: JSON.stringify({ state: { desired } }) }),
  );
  return true;
}
