import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";

const sfn = new SFNClient({});
const secrets = new SecretsManager({});
let cached;

const stripeKey = async () => {
  cached ??= (await secrets.getSecretValue({ SecretId: process.env.STRIPE_SECRET })).SecretString;
  return cached;
};

export const start = async (event) => {
  const { seat, token } = JSON.parse(event.body);
  const answer = await fetch("https://api.stripe.com/v1/tokens/" + token, {
    headers: { Authorization: `Bearer ${await stripeKey()}` },
  });
  if (!answer.ok) return { statusCode: 402 };
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: process.env.STATE_MACHINE_ARN, input: JSON.stringify({ seat }) }),
  );
  return { statusCode: 202, body: executionArn };
};
